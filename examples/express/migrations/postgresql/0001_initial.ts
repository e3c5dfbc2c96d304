import { Migration } from "@mikro-orm/migrations";

export class Initial extends Migration {
  override name = "0001_initial";

  override up(): void {
    this.addSql(`
      create table "users" (
        "id" uuid not null,
        "created_at" timestamptz(6) not null,
        "updated_at" timestamptz(6) not null,
        "email" varchar(254) not null,
        "name" varchar(200) null,
        "password_hash" varchar(200) not null,
        "role" varchar(20) not null,
        "is_active" boolean not null,
        "email_verified" boolean not null,
        constraint "pk_users" primary key ("id"),
        constraint "uq_users_email" unique ("email")
      )
    `);
    this.addSql(`
      create table "sessions" (
        "id" uuid not null,
        "user_id" uuid not null,
        "refresh_hash" varchar(64) not null,
        "user_agent" varchar(200) not null,
        "ip" varchar(45) not null,
        "created_at" timestamptz(6) not null,
        "last_used_at" timestamptz(6) not null,
        "expires_at" timestamptz(6) not null,
        constraint "pk_sessions" primary key ("id"),
        constraint "fk_sessions_user_id" foreign key ("user_id") references "users" ("id") on delete cascade
      )
    `);
    this.addSql(`create index "ix_sessions_user_id" on "sessions" ("user_id")`);
    this.addSql(`
      create table "items" (
        "id" uuid not null,
        "created_at" timestamptz(6) not null,
        "updated_at" timestamptz(6) not null,
        "owner_id" uuid not null,
        "title" varchar(200) not null,
        "description" text null,
        "status" varchar(20) not null,
        "due_on" date null,
        constraint "pk_items" primary key ("id"),
        constraint "fk_items_owner_id" foreign key ("owner_id") references "users" ("id") on delete cascade
      )
    `);
    this.addSql(`create index "ix_items_owner" on "items" ("owner_id", "created_at", "id")`);
  }

  override down(): void {
    this.addSql(`drop table "items"`);
    this.addSql(`drop table "sessions"`);
    this.addSql(`drop table "users"`);
  }
}
