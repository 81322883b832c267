-- Copies the lived cases (ids below 10,000,000) once, under ids moved by an offset; with events and running clocks.
-- Serials from 5,000,000 on are never those of lived cases, so the copied numbers are single.
CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
    SELECT id FROM hotline_case WHERE id < 10000000 ORDER BY id LIMIT :wanted;
CREATE TEMPORARY TABLE copied_case ON COMMIT DROP AS
    SELECT c.* FROM hotline_case c JOIN copied USING (id);
UPDATE copied_case SET id = id + :offset, source_no = '', merged_into_id = NULL, status = CASE status WHEN 'merged' THEN 'closed' ELSE status END,
       case_no = left(case_no, 6) || (5000000 + (id + :offset) / 10000)::text || lpad(((id + :offset) % 10000)::text, 4, '0');
INSERT INTO hotline_case SELECT * FROM copied_case;
INSERT INTO case_event (case_id, seq, at, action, from_status, to_status, actor_kind, actor_id, actor_name, unit_id, reason, data, sets, clocks)
    SELECT case_id + :offset, seq, at, action, from_status, to_status, actor_kind, actor_id, actor_name, unit_id, reason, data, sets, clocks
      FROM case_event JOIN copied ON copied.id = case_event.case_id;
INSERT INTO case_clock (case_id, kind, started_at, warn_at, due_at, warned, escalated, next_at)
    SELECT case_id + :offset, kind, started_at, warn_at, due_at, warned, escalated, next_at
      FROM case_clock JOIN copied ON copied.id = case_clock.case_id;
-- Serials of what the bench registers then begin at 1,000,000: today's lived cases have the small ones.
SELECT setval(pg_get_serial_sequence('hotline_case', 'id'),
              (SELECT greatest(max(id), max(id) / 10000000 * 10000000 + 1000000) FROM hotline_case));
