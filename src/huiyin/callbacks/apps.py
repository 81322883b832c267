"""Names the room `callbacks` to Django; it reads the event stream to send links and to list what falls due."""

from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "huiyin.callbacks"
    label = "callbacks"
    verbose_name = "回访"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.callbacks import draws, frames, sending  # models load only once the apps are ready
        from huiyin.cases import subscriptions, sweeps
        from huiyin.domain.vocabulary import ClockKind

        subscriptions.subscribe(frames.note)
        subscriptions.subscribe(sending.invite_at_start)
        sweeps.end_with(ClockKind.CALLBACK, draws.ending)
