DROP FUNCTION IF EXISTS indicator_refuse() CASCADE;
DROP FUNCTION IF EXISTS indicator_refuse_published() CASCADE;
