# A comment "before" the docstring.
r"""
join both

Create Date: 2019-01-30 04:56:46+01:00
"""
revision = 'ddd444'
down_revision = (
    'bbb222',  # the one
    "ccc333",
)
branch_labels = None
depends_on = []
