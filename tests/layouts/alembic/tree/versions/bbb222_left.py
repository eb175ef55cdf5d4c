'left'
down_revision = "aaa111"
revision = "bbb222"
branch_labels = ("left",)
depends_on = None
