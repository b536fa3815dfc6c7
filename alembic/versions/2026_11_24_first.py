"""The house: every table of the first release, patients' columns sealed from the start.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "arrival_forecast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hour_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival_forecast")),
    )
    op.create_index("ix_arrival_forecast_hour", "arrival_forecast", ["hour_at", "made_at"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hospital_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_type", "subject_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_user_id"), "audit_entry", ["user_id"], unique=False)
    op.create_table(
        "data_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_table(
        "handled",
        sa.Column("consumer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name=op.f("pk_handled")),
    )
    op.create_table(
        "hospital_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("anchored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hospital_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("speed", sa.Float(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_hospital_clock_only_one")),
        sa.CheckConstraint("speed >= 0", name=op.f("ck_hospital_clock_forward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_clock")),
    )
    op.create_table(
        "job_firing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_firing")),
        sa.UniqueConstraint("job", "scheduled_for", name=op.f("uq_job_firing_job_scheduled_for")),
    )
    op.create_table(
        "outbox_event",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
    )
    op.create_index(op.f("ix_outbox_event_at"), "outbox_event", ["at"], unique=False)
    op.create_index(
        "ix_outbox_unsent", "outbox_event", ["id"], unique=False, postgresql_where=sa.text("sent_at IS NULL")
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("first_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("last_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("dob_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("insurance_policy_num_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("dob_index", sa.LargeBinary(), nullable=True),
        sa.Column("policy_index", sa.LargeBinary(), nullable=True),
        sa.Column("surname_index", sa.LargeBinary(), nullable=True),
        sa.Column("sex", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("predicted_discharge_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into_id"], ["patient.id"], name=op.f("fk_patient_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("row_key", name=op.f("uq_patient_row_key")),
    )
    op.create_index(op.f("ix_patient_merged_into_id"), "patient", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_patient_dob_index"), "patient", ["dob_index"], unique=False)
    op.create_index(op.f("ix_patient_policy_index"), "patient", ["policy_index"], unique=False)
    op.create_index(op.f("ix_patient_surname_index"), "patient", ["surname_index"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("display_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hashed_password", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("demo_mark", sa.LargeBinary(), nullable=True),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("current_status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=True),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "current_status IN ('available', 'on_task', 'on_break', 'off_shift')",
            name=op.f("ck_user_current_status_known"),
        ),
        sa.CheckConstraint(
            "role IN ('patient', 'desk', 'nurse', 'doctor', 'housekeeper', 'transporter', 'bed_manager', 'staffing_manager', 'admin', 'integration', 'system')",
            name=op.f("ck_user_role_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    op.create_table(
        "ward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level_of_care", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("patients_per_nurse", sa.Float(), nullable=False),
        sa.Column("patients_per_nurse_evening", sa.Float(), nullable=False),
        sa.Column("patients_per_nurse_night", sa.Float(), nullable=False),
        sa.Column("median_stay_days", sa.Float(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 40", name=op.f("ck_ward_position_on_board")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward")),
        sa.UniqueConstraint("code", name=op.f("uq_ward_code")),
        sa.UniqueConstraint("position", name=op.f("uq_ward_position")),
    )
    op.create_index(op.f("ix_ward_unit"), "ward", ["unit"], unique=False)
    op.create_table(
        "bed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("room_number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pending_source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sex_of_room", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("isolation_room", sa.Boolean(), nullable=False),
        sa.Column("telemetry", sa.Boolean(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "status IN ('available', 'reserved', 'occupied', 'pending_discharge', 'dirty', 'cleaning', 'blocked', 'closed')",
            name=op.f("ck_bed_status_known"),
        ),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_bed_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed")),
        sa.UniqueConstraint("label", name=op.f("uq_bed_label")),
    )
    op.create_index(op.f("ix_bed_room_number"), "bed", ["room_number"], unique=False)
    op.create_index(op.f("ix_bed_ward_id"), "bed", ["ward_id"], unique=False)
    op.create_table(
        "encounter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discharge_ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("sex", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("diagnosis_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("admission_source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("payer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("race", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ethnicity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("isolation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("telemetry", sa.Boolean(), nullable=False),
        sa.Column("planned_leave_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'in_house', 'left', 'cancelled')", name=op.f("ck_encounter_status_known")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_encounter_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter")),
    )
    op.create_index(op.f("ix_encounter_admitted_at"), "encounter", ["admitted_at"], unique=False)
    op.create_index(op.f("ix_encounter_patient_id"), "encounter", ["patient_id"], unique=False)
    op.create_index(op.f("ix_encounter_status"), "encounter", ["status"], unique=False)
    op.create_index(
        "one_open_encounter",
        "encounter",
        ["patient_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('waiting', 'in_house')"),
    )
    op.create_table(
        "refresh_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("family", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_refresh_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_token_token_hash")),
    )
    op.create_index(op.f("ix_refresh_token_family"), "refresh_token", ["family"], unique=False)
    op.create_index(op.f("ix_refresh_token_user_id"), "refresh_token", ["user_id"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shift_forward")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_shift_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("ward_id", "role", "starts_at", name=op.f("uq_shift_ward_id_role_starts_at")),
    )
    op.create_index(op.f("ix_shift_starts_at"), "shift", ["starts_at"], unique=False)
    op.create_index(op.f("ix_shift_ward_id"), "shift", ["ward_id"], unique=False)
    op.create_table(
        "shift_forecast",
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shift", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrivals", sa.Float(), nullable=False),
        sa.Column("arrivals_low", sa.Float(), nullable=False),
        sa.Column("arrivals_high", sa.Float(), nullable=False),
        sa.Column("departures", sa.Float(), nullable=False),
        sa.Column("census", sa.Float(), nullable=False),
        sa.Column("census_low", sa.Float(), nullable=False),
        sa.Column("census_high", sa.Float(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("needed_low", sa.Integer(), nullable=False),
        sa.Column("needed_high", sa.Integer(), nullable=False),
        sa.Column("p_over", sa.Float(), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_shift_forecast_ward_id")),
        sa.PrimaryKeyConstraint("ward_id", "role", "starts_at", name=op.f("pk_shift_forecast")),
    )
    op.create_table(
        "user_ward",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_ward_user_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_user_ward_ward_id")),
        sa.PrimaryKeyConstraint("user_id", "ward_id", name=op.f("pk_user_ward")),
    )
    op.create_table(
        "bed_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("encounter_id", sa.Integer(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("priority", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("isolation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("telemetry", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bed_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "isolation IN ('unanswered', 'none', 'contact', 'droplet', 'airborne')",
            name=op.f("ck_bed_request_isolation_known"),
        ),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_bed_request_bed_id")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"], name=op.f("fk_bed_request_encounter_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_bed_request_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_request")),
    )
    op.create_index(op.f("ix_bed_request_encounter_id"), "bed_request", ["encounter_id"], unique=False)
    op.create_index(
        "one_open_request",
        "bed_request",
        ["encounter_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("encounter_id", sa.Integer(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"], name=op.f("fk_observation_encounter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index("ix_observation_latest", "observation", ["encounter_id", "code", "observed_at"], unique=False)
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("encounter_id", sa.Integer(), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("link_hash", sa.LargeBinary(), nullable=False),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('started', 'submitted', 'confirmed', 'admitted', 'cancelled')",
            name=op.f("ck_registration_status_known"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user.id"], name=op.f("fk_registration_confirmed_by")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"], name=op.f("fk_registration_encounter_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_registration_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_registration_link_hash")),
        sa.UniqueConstraint("row_key", name=op.f("uq_registration_row_key")),
    )
    op.create_index(op.f("ix_registration_patient_id"), "registration", ["patient_id"], unique=False)
    op.create_index(op.f("ix_registration_status"), "registration", ["status"], unique=False)
    op.create_table(
        "shift_assignment",
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_assignment_shift_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_shift_assignment_user_id")),
        sa.PrimaryKeyConstraint("shift_id", "user_id", name=op.f("pk_shift_assignment")),
    )
    op.create_index(op.f("ix_shift_assignment_user_id"), "shift_assignment", ["user_id"], unique=False)
    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("encounter_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("bed_id"), "="),
            (sa.text("tstzrange(from_at, to_at, '[)')"), "&&"),
            deferrable=True,
            initially="IMMEDIATE",
            using="gist",
            name="no_overlap_in_bed",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("patient_id"), "="),
            (sa.text("tstzrange(from_at, to_at, '[)')"), "&&"),
            deferrable=True,
            initially="IMMEDIATE",
            using="gist",
            name="no_overlap_of_patient",
        ),
        sa.CheckConstraint("to_at IS NULL OR to_at >= from_at", name=op.f("ck_stay_forward")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_stay_bed_id")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"], name=op.f("fk_stay_encounter_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_stay_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    op.create_index(op.f("ix_stay_bed_id"), "stay", ["bed_id"], unique=False)
    op.create_index(op.f("ix_stay_encounter_id"), "stay", ["encounter_id"], unique=False)
    op.create_index(op.f("ix_stay_patient_id"), "stay", ["patient_id"], unique=False)
    op.create_index("one_bed_a_patient", "stay", ["patient_id"], unique=True, postgresql_where=sa.text("to_at IS NULL"))
    op.create_index("one_patient_a_bed", "stay", ["bed_id"], unique=True, postgresql_where=sa.text("to_at IS NULL"))
    op.create_table(
        "stay_forecast",
        sa.Column("encounter_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("p24", sa.Float(), nullable=False),
        sa.Column("p48", sa.Float(), nullable=False),
        sa.Column("p72", sa.Float(), nullable=False),
        sa.Column("median_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("low_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("high_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("p_today", sa.Float(), nullable=False),
        sa.Column("likely_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("likely_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mean_days", sa.Float(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"], name=op.f("fk_stay_forecast_encounter_id")),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_stay_forecast")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("priority", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("bed_id", sa.Integer(), nullable=True),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("milestone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('clean_bed', 'transport', 'discharge_milestone', 'nursing', 'spill', 'other')",
            name=op.f("ck_task_kind_known"),
        ),
        sa.CheckConstraint("priority IN ('low', 'medium', 'high', 'stat')", name=op.f("ck_task_priority_known")),
        sa.CheckConstraint(
            "status IN ('pending', 'offered', 'accepted', 'in_progress', 'suspended', 'complete', 'cancelled', 'escalated')",
            name=op.f("ck_task_status_known"),
        ),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_task_bed_id")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_task_created_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_task_patient_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_task_user_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_task_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_bed_id"), "task", ["bed_id"], unique=False)
    op.create_index(
        "ix_task_open",
        "task",
        ["status"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('complete', 'cancelled')"),
    )
    op.create_index(op.f("ix_task_patient_id"), "task", ["patient_id"], unique=False)
    op.create_index("ix_task_person", "task", ["user_id", "status"], unique=False)
    op.create_index(op.f("ix_task_ward_id"), "task", ["ward_id"], unique=False)
    op.create_index(
        "one_open_cleaning",
        "task",
        ["bed_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'clean_bed' AND status NOT IN ('complete', 'cancelled')"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("side", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("raw_file", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("clean_file", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("rotated", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("problem", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reading_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "side IN ('insurance_front', 'insurance_back', 'id_photo')", name=op.f("ck_document_side_known")
        ),
        sa.CheckConstraint(
            "status IN ('received', 'reading', 'read', 'unsure', 'not_a_card', 'unreadable', 'failed', 'replaced')",
            name=op.f("ck_document_status_known"),
        ),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_document_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_registration_id"), "document", ["registration_id"], unique=False)
    op.create_index(
        "one_current_side",
        "document",
        ["registration_id", "side"],
        unique=True,
        postgresql_where=sa.text("status <> 'replaced'"),
    )
    op.create_table(
        "task_decline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_decline_task_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_task_decline_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_decline")),
    )
    op.create_index(op.f("ix_task_decline_task_id"), "task_decline", ["task_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_web_session_registration_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_web_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_web_session_registration_id"), "web_session", ["registration_id"], unique=False)
    op.create_index(op.f("ix_web_session_user_id"), "web_session", ["user_id"], unique=False)
    op.create_table(
        "document_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("reader", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("box", sa.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_field_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_field")),
        sa.UniqueConstraint("row_key", name=op.f("uq_document_field_row_key")),
    )
    op.create_index(op.f("ix_document_field_document_id"), "document_field", ["document_id"], unique=False)
    op.create_index("one_value_a_field", "document_field", ["document_id", "name"], unique=True)
    # The audit is only ever added to, whoever asks.
    op.execute(
        """
        CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit is only ever added to'; END $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )


def downgrade() -> None:
    op.drop_index("one_value_a_field", table_name="document_field")
    op.drop_index(op.f("ix_document_field_document_id"), table_name="document_field")
    op.drop_table("document_field")
    op.drop_index(op.f("ix_web_session_user_id"), table_name="web_session")
    op.drop_index(op.f("ix_web_session_registration_id"), table_name="web_session")
    op.drop_index(op.f("ix_web_session_expires_at"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index(op.f("ix_task_decline_task_id"), table_name="task_decline")
    op.drop_table("task_decline")
    op.drop_index("one_current_side", table_name="document", postgresql_where=sa.text("status <> 'replaced'"))
    op.drop_index(op.f("ix_document_registration_id"), table_name="document")
    op.drop_table("document")
    op.drop_index(
        "one_open_cleaning",
        table_name="task",
        postgresql_where=sa.text("kind = 'clean_bed' AND status NOT IN ('complete', 'cancelled')"),
    )
    op.drop_index(op.f("ix_task_ward_id"), table_name="task")
    op.drop_index("ix_task_person", table_name="task")
    op.drop_index(op.f("ix_task_patient_id"), table_name="task")
    op.drop_index(
        "ix_task_open", table_name="task", postgresql_where=sa.text("status NOT IN ('complete', 'cancelled')")
    )
    op.drop_index(op.f("ix_task_bed_id"), table_name="task")
    op.drop_table("task")
    op.drop_table("stay_forecast")
    op.drop_index("one_patient_a_bed", table_name="stay", postgresql_where=sa.text("to_at IS NULL"))
    op.drop_index("one_bed_a_patient", table_name="stay", postgresql_where=sa.text("to_at IS NULL"))
    op.drop_index(op.f("ix_stay_patient_id"), table_name="stay")
    op.drop_index(op.f("ix_stay_encounter_id"), table_name="stay")
    op.drop_index(op.f("ix_stay_bed_id"), table_name="stay")
    op.drop_table("stay")
    op.drop_index(op.f("ix_shift_assignment_user_id"), table_name="shift_assignment")
    op.drop_table("shift_assignment")
    op.drop_index(op.f("ix_registration_status"), table_name="registration")
    op.drop_index(op.f("ix_registration_patient_id"), table_name="registration")
    op.drop_table("registration")
    op.drop_index("ix_observation_latest", table_name="observation")
    op.drop_table("observation")
    op.drop_index("one_open_request", table_name="bed_request", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index(op.f("ix_bed_request_encounter_id"), table_name="bed_request")
    op.drop_table("bed_request")
    op.drop_table("user_ward")
    op.drop_table("shift_forecast")
    op.drop_index(op.f("ix_shift_ward_id"), table_name="shift")
    op.drop_index(op.f("ix_shift_starts_at"), table_name="shift")
    op.drop_table("shift")
    op.drop_index(op.f("ix_refresh_token_user_id"), table_name="refresh_token")
    op.drop_index(op.f("ix_refresh_token_family"), table_name="refresh_token")
    op.drop_table("refresh_token")
    op.drop_index(
        "one_open_encounter",
        table_name="encounter",
        postgresql_where=sa.text("status IN ('waiting', 'in_house')"),
    )
    op.drop_index(op.f("ix_encounter_status"), table_name="encounter")
    op.drop_index(op.f("ix_encounter_patient_id"), table_name="encounter")
    op.drop_index(op.f("ix_encounter_admitted_at"), table_name="encounter")
    op.drop_table("encounter")
    op.drop_index(op.f("ix_bed_ward_id"), table_name="bed")
    op.drop_index(op.f("ix_bed_room_number"), table_name="bed")
    op.drop_table("bed")
    op.drop_index(op.f("ix_ward_unit"), table_name="ward")
    op.drop_table("ward")
    op.drop_table("user")
    op.drop_index(op.f("ix_patient_surname_index"), table_name="patient")
    op.drop_index(op.f("ix_patient_policy_index"), table_name="patient")
    op.drop_index(op.f("ix_patient_dob_index"), table_name="patient")
    op.drop_table("patient")
    op.drop_index("ix_outbox_unsent", table_name="outbox_event", postgresql_where=sa.text("sent_at IS NULL"))
    op.drop_index(op.f("ix_outbox_event_at"), table_name="outbox_event")
    op.drop_table("outbox_event")
    op.drop_table("job_firing")
    op.drop_table("hospital_clock")
    op.drop_table("handled")
    op.drop_table("data_key")
    op.drop_index(op.f("ix_audit_entry_user_id"), table_name="audit_entry")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_action"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index("ix_arrival_forecast_hour", table_name="arrival_forecast")
    op.drop_table("arrival_forecast")
    op.execute("DROP FUNCTION audit_is_append_only()")
