-- A published tree, a reported value and a computed score stay as they are, whoever asks.
CREATE FUNCTION indicator_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was reported or computed is not changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER value_stays BEFORE UPDATE OR DELETE ON indicator_value
  FOR EACH ROW EXECUTE FUNCTION indicator_refuse();
CREATE TRIGGER score_stays BEFORE UPDATE OR DELETE ON indicator_score
  FOR EACH ROW EXECUTE FUNCTION indicator_refuse();
CREATE TRIGGER assessment_stays BEFORE UPDATE OR DELETE ON indicator_assessment
  FOR EACH ROW EXECUTE FUNCTION indicator_refuse();
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON indicator_tree
  FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION indicator_refuse();

CREATE FUNCTION indicator_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM indicator_tree t WHERE t.published_at IS NOT NULL
             AND (t.id = NEW.tree_id OR t.id = OLD.tree_id)) THEN
    RAISE EXCEPTION 'a published tree is not changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER published_node_stays BEFORE INSERT OR UPDATE OR DELETE ON indicator_node
  FOR EACH ROW EXECUTE FUNCTION indicator_refuse_published();
