DROP TRIGGER IF EXISTS version_stays ON assessment_version;
DROP FUNCTION IF EXISTS assessment_version_stays();
DROP FUNCTION IF EXISTS assessment_refuse_fixed() CASCADE;
DROP FUNCTION IF EXISTS assessment_refuse_fixed_before() CASCADE;
