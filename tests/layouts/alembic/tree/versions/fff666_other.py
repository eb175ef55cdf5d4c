"""other base"""
revision = "fff666"
down_revision = None
depends_on = "aaa111"
