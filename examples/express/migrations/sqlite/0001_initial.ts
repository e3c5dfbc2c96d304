import { Migration } from "@mikro-orm/migrations";

export class Initial extends Migration {
  override name = "0001_initial";

  override up(): void {
    this.addSql(`
      create table "users" (
        "id" text not null primary key,
        "created_at" datetime not null,
        "updated_at" datetime not null,
        "email" text not null,
        "name" text null,
        "password_hash" text not null,
        "role" text not null,
        "is_active" integer not null,
        "email_verified" integer not null
      )
    `);
    this.addSql(`create unique index "uq_users_email" on "users" ("email")`);
    this.addSql(`
      create table "sessions" (
        "id" text not null primary key,
        "user_id" text not null,
        "refresh_hash" text not null,
        "user_agent" text not null,
        "ip" text not null,
        "created_at" datetime not null,
        "last_used_at" datetime not null,
        "expires_at" datetime not null,
        constraint "fk_sessions_user_id" foreign key ("user_id") references "users" ("id") on delete cascade
      )
    `);
    this.addSql(`create index "ix_sessions_user_id" on "sessions" ("user_id")`);
    this.addSql(`
      create table "items" (
        "id" text not null primary key,
        "created_at" datetime not null,
        "updated_at" datetime not null,
        "owner_id" text not null,
        "title" text not null,
        "description" text null,
        "status" text not null,
        "due_on" date null,
        constraint "fk_items_owner_id" foreign key ("owner_id") references "users" ("id") on delete cascade
      )
    `);
    this.addSql(`create index "ix_items_owner" on "items" ("owner_id", "created_at", "id")`);
    this.addSql(`create index "ix_items_owner_id" on "items" ("owner_id")`);
  }

  override down(): void {
    this.addSql(`drop table "items"`);
    this.addSql(`drop table "sessions"`);
    this.addSql(`drop table "users"`);
  }
}
