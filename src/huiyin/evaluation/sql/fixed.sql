-- What is frozen stays: no row of a frozen or published version is added, changed or removed, whoever asks.
CREATE FUNCTION assessment_refuse_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('INSERT', 'UPDATE') AND EXISTS (
    SELECT 1 FROM assessment_version v
    WHERE v.stage IN ('frozen', 'published') AND v.id IN (SELECT DISTINCT version_id FROM added)
  ) THEN
    RAISE EXCEPTION 'a frozen version is not changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION assessment_refuse_fixed_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM assessment_version v
    WHERE v.stage IN ('frozen', 'published') AND v.id IN (SELECT DISTINCT version_id FROM removed)
  ) THEN
    RAISE EXCEPTION 'a frozen version is not changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER fixed_insert AFTER INSERT ON assessment_case_result
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed();
CREATE TRIGGER fixed_update AFTER UPDATE ON assessment_case_result
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed();
CREATE TRIGGER fixed_moved AFTER UPDATE ON assessment_case_result
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed_before();
CREATE TRIGGER fixed_delete AFTER DELETE ON assessment_case_result
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed_before();
CREATE TRIGGER fixed_insert AFTER INSERT ON assessment_unit_result
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed();
CREATE TRIGGER fixed_update AFTER UPDATE ON assessment_unit_result
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed();
CREATE TRIGGER fixed_moved AFTER UPDATE ON assessment_unit_result
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed_before();
CREATE TRIGGER fixed_delete AFTER DELETE ON assessment_unit_result
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_fixed_before();

-- A frozen version itself may only be published, once; nothing else of it moves and it is not deleted.
CREATE FUNCTION assessment_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.stage NOT IN ('frozen', 'published') THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.stage = 'frozen' AND NEW.stage = 'published'
     AND (to_jsonb(NEW) - 'stage' - 'published_by_id' - 'published_by' - 'published_at')
       = (to_jsonb(OLD) - 'stage' - 'published_by_id' - 'published_by' - 'published_at') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a frozen version is not changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON assessment_version
  FOR EACH ROW EXECUTE FUNCTION assessment_version_stays();
