"""The SQL of the generated projects, for the driver alone."""

SESSION = """
    SELECT s.id, u.id AS user_id, u.email, u.name, u.role, u.email_verified, u.created_at
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = $1 AND s.expires_at > now() AND u.is_active
"""
COUNT = "SELECT count(*) FROM items WHERE owner_id = $1"
PAGE = """
    SELECT id, title, description, status, due_on, created_at, updated_at
    FROM items WHERE owner_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3
"""
PAGE_AND_TOTAL = """
    SELECT id, title, description, status, due_on, created_at, updated_at,
           (SELECT count(*) FROM items WHERE owner_id = $1) AS total
    FROM items WHERE owner_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3
"""
ITEM = """
    SELECT id, title, description, status, due_on, created_at, updated_at
    FROM items WHERE id = $1 AND owner_id = $2
"""
NEW_ITEM = """
    INSERT INTO items VALUES (gen_random_uuid(), $1, $2, $3, 'todo', NULL, now(), now())
    RETURNING id, title, description, status, due_on, created_at, updated_at
"""
USER = "SELECT id, password_hash FROM users WHERE email = $1 AND is_active"
UNCHANGED = "SELECT id FROM users WHERE id = $1 AND password_hash = $2 AND is_active FOR UPDATE"
END_EXPIRED = "DELETE FROM sessions WHERE user_id = $1 AND expires_at < now()"
NEW_SESSION = """
    INSERT INTO sessions
    VALUES (gen_random_uuid(), $1, $2, '', '', now(), now(), now() + interval '30 days')
    RETURNING id
"""
