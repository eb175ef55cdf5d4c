-- migrate:revision 20260129_120000
-- migrate:revises 20260122_101000 20260126_094500
-- migrate:message merge reviews
-- migrate:created 2026-01-29T12:00:00Z

-- migrate:up

-- migrate:down
