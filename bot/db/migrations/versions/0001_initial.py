"""The first schema.

Types are spelt out instead of imported from `bot.db.types`: a migration is history and must not change when
the code does. Money has 2, prices 4 and rates 8 decimals in a BIGINT; times are UTC.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "branch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("name", name=op.f("uq_branch_name")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("short_view", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint(
            "role IN ('advisor', 'agent', 'trainee', 'trainer', 'supervisor', 'compliance', 'admin')",
            name=op.f("ck_staff_role_known"),
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_staff_branch_id_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_index(op.f("ix_staff_branch_id"), "staff", ["branch_id"], unique=False)
    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_no", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("id_doc_valid_until", sa.Date(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=True),
        sa.Column("segment", sa.String(length=20), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_remotely", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("gender IN ('F', 'M')", name=op.f("ck_client_gender_known")),
        sa.ForeignKeyConstraint(["advisor_id"], ["staff.id"], name=op.f("fk_client_advisor_id_staff")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_client_branch_id_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("client_no", name=op.f("uq_client_client_no")),
    )
    op.create_index(op.f("ix_client_advisor_id"), "client", ["advisor_id"], unique=False)
    op.create_index("ix_client_branch_id_name", "client", ["branch_id", "name"], unique=False)
    op.create_index(op.f("ix_client_phone"), "client", ["phone"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("fund_no", sa.String(length=20), nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("commission_rate", sa.BigInteger(), nullable=False),
        sa.Column("min_fee", sa.BigInteger(), nullable=False),
        sa.Column("cash_balance", sa.BigInteger(), nullable=False),
        sa.Column("designated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("margin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("market IN ('SH', 'SZ', 'BJ')", name=op.f("ck_account_market_known")),
        sa.CheckConstraint("commission_rate >= 0", name=op.f("ck_account_commission_rate_not_negative")),
        sa.CheckConstraint("min_fee >= 0", name=op.f("ck_account_min_fee_not_negative")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_account_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("fund_no", "market", name=op.f("uq_account_fund_no_market")),
    )
    op.create_index(op.f("ix_account_client_id"), "account", ["client_id"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_complaint_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_client_id_at", "complaint", ["client_id", "at"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone', 'wechat', 'sms', 'visit')", name=op.f("ck_contact_channel_known")
        ),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_contact_direction_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_contact_client_id_client")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_contact_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_client_id_at", "contact", ["client_id", "at"], unique=False)
    op.create_index(op.f("ix_contact_staff_id"), "contact", ["staff_id"], unique=False)
    op.create_table(
        "fee_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_rate", sa.BigInteger(), nullable=True),
        sa.Column("competitor", sa.String(length=60), nullable=True),
        sa.Column("decision", sa.String(length=10), server_default="pending", nullable=False),
        sa.CheckConstraint(
            "decision IN ('pending', 'granted', 'refused')", name=op.f("ck_fee_request_decision_known")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_fee_request_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_request")),
    )
    op.create_index("ix_fee_request_client_id_at", "fee_request", ["client_id", "at"], unique=False)
    op.create_table(
        "monthly_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("turnover", sa.BigInteger(), nullable=False),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.Column("assets_end", sa.BigInteger(), nullable=False),
        sa.Column("profit", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("trades >= 0", name=op.f("ck_monthly_activity_trades_not_negative")),
        sa.CheckConstraint("turnover >= 0", name=op.f("ck_monthly_activity_turnover_not_negative")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_monthly_activity_client_id_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_activity")),
        sa.UniqueConstraint("client_id", "month", name=op.f("uq_monthly_activity_client_id_month")),
    )
    op.create_index("ix_monthly_activity_month", "monthly_activity", ["month"], unique=False)
    op.create_table(
        "position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("market_value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("market_value >= 0", name=op.f("ck_position_market_value_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_position_quantity_positive")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_position_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("client_id", "code", name=op.f("uq_position_client_id_code")),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("counterparty", sa.String(length=60), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_transfer_amount_not_zero")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_transfer_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_client_id_at", "transfer", ["client_id", "at"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("sender_id", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.String(length=200), server_default="", nullable=False),
        sa.Column("queue_no", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("reason_probability", sa.Float(), nullable=True),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("state", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('kept', 'trial_week', 'undecided', 'left')", name=op.f("ck_visit_outcome_known")
        ),
        sa.CheckConstraint("status IN ('waiting', 'open', 'closed')", name=op.f("ck_visit_status_known")),
        sa.CheckConstraint(
            "reason_probability >= 0 AND reason_probability <= 1",
            name=op.f("ck_visit_reason_probability_range"),
        ),
        sa.ForeignKeyConstraint(["advisor_id"], ["staff.id"], name=op.f("fk_visit_advisor_id_staff")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_visit_branch_id_branch")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_visit_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("sender_id", name=op.f("uq_visit_sender_id")),
    )
    op.create_index(op.f("ix_visit_advisor_id"), "visit", ["advisor_id"], unique=False)
    op.create_index(
        "ix_visit_branch_id_status_queued_at", "visit", ["branch_id", "status", "queued_at"], unique=False
    )
    op.create_index(op.f("ix_visit_client_id"), "visit", ["client_id"], unique=False)
    op.create_index(op.f("ix_visit_closed_at"), "visit", ["closed_at"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_follow_up_branch_id_branch")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_follow_up_client_id_client")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_follow_up_staff_id_staff")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_follow_up_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index("ix_follow_up_branch_id_due_on", "follow_up", ["branch_id", "due_on"], unique=False)
    op.create_index(op.f("ix_follow_up_client_id"), "follow_up", ["client_id"], unique=False)
    op.create_index(op.f("ix_follow_up_staff_id"), "follow_up", ["staff_id"], unique=False)
    op.create_index(op.f("ix_follow_up_visit_id"), "follow_up", ["visit_id"], unique=False)
    op.create_table(
        "trade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("traded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("side IN ('buy', 'sell')", name=op.f("ck_trade_side_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_trade_amount_positive")),
        sa.CheckConstraint("commission >= 0", name=op.f("ck_trade_commission_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_trade_quantity_positive")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_trade_account_id_account")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_trade_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade")),
    )
    op.create_index(op.f("ix_trade_account_id"), "trade", ["account_id"], unique=False)
    op.create_index("ix_trade_client_id_traded_at", "trade", ["client_id", "traded_at"], unique=False)
    op.create_table(
        "visit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('advisor_text', 'card', 'note')", name=op.f("ck_visit_event_kind_known")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_event_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_event")),
        sa.UniqueConstraint("visit_id", "seq", name=op.f("uq_visit_event_visit_id_seq")),
    )


def downgrade() -> None:
    for table in (
        "visit_event",
        "trade",
        "follow_up",
        "visit",
        "transfer",
        "position",
        "monthly_activity",
        "fee_request",
        "contact",
        "complaint",
        "account",
        "client",
        "staff",
        "meta",
        "branch",
    ):
        op.drop_table(table)
