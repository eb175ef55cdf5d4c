"""create users

Revision ID: aaa111
Revises:
Create Date: 2019-01-29 04:56:46.123456

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = 'aaa111'
down_revision: Union[str, Sequence[str], None] = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Not a
revision = 'wrong'
    """
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
