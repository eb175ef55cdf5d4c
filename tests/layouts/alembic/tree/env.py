from alembic import context
revision == "x"
