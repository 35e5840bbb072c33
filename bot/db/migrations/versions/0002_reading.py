"""Texts kept for review, so that the assistant learns from what it read wrongly."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("read", sa.JSON(), nullable=False),
        sa.Column("suggested", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('unsure', 'corrected')", name=op.f("ck_reading_kind_known")),
        sa.CheckConstraint(
            "status IN ('open', 'confirmed', 'dropped')", name=op.f("ck_reading_status_known")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_reading_branch_id_branch")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"], name=op.f("fk_reading_reviewed_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    op.create_index(
        "ix_reading_branch_id_status_noted_at", "reading", ["branch_id", "status", "noted_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("reading")
