revision = name()
down_revision = None
