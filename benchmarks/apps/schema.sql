-- The tables of a generated project, with one user, EMAIL of rows.py, and a session.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email varchar(254) NOT NULL UNIQUE,
    name varchar(200),
    password_hash varchar(200) NOT NULL,
    role varchar(20) NOT NULL,
    is_active boolean NOT NULL,
    email_verified boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    refresh_hash varchar(64) NOT NULL,
    user_agent varchar(200) NOT NULL,
    ip varchar(45) NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE TABLE items (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    title varchar(200) NOT NULL,
    description text,
    status varchar(20) NOT NULL,
    due_on date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX ix_items_owner ON items (owner_id, created_at, id);
INSERT INTO users VALUES (
    gen_random_uuid(), 'ada@example.com', NULL,
    '',
    'user', true, false, now(), now()
);
INSERT INTO sessions
SELECT gen_random_uuid(), id, '', '', '', now(), now(), now() + interval '1 day' FROM users;
