/** Express with pg and nothing between: what Node can do with these requests. */

import { randomUUID } from "node:crypto";
import express, { type RequestHandler } from "express";
import { jwtVerify } from "jose";
import pg from "pg";

const { DATABASE_URL, HOST = "127.0.0.1", PORT, SECRET_KEY } = process.env;
const key = new TextEncoder().encode(SECRET_KEY);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20 });
// A date is a date, not the time of its midnight.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const ITEM = "id, title, description, status, due_on, created_at, updated_at";
const USER = "u.id, u.email, u.name, u.role, u.email_verified, u.created_at";
const app = express();
app.use(express.json());

app.get("/health/live", (_req, res) => {
  res.json({ status: "ok" });
});

const authenticate: RequestHandler = async (req, res, next) => {
  const { payload } = await jwtVerify(req.get("authorization")?.slice("Bearer ".length) ?? "", key);
  const { rows } = await pool.query(
    `select ${USER} from sessions s join users u on u.id = s.user_id
     where s.id = $1 and s.expires_at > now() and u.is_active`,
    [payload.sub],
  );
  if (rows.length === 0) {
    res.sendStatus(401);
    return;
  }
  res.locals.user = rows[0];
  next();
};
app.use("/api/v1", authenticate);

app.get("/api/v1/users/me", (_req, res) => {
  res.json(res.locals.user);
});

app.get("/api/v1/items", async (req, res) => {
  const [page, size] = [Number(req.query.page ?? 1), Number(req.query.size ?? 20)];
  const owner = res.locals.user.id;
  const { rows } = await pool.query(
    `select ${ITEM} from items where owner_id = $1
     order by created_at desc, id desc limit $2 offset $3`,
    [owner, size, (page - 1) * size],
  );
  const counted = await pool.query("select count(*) from items where owner_id = $1", [owner]);
  res.json({ items: rows, total: Number(counted.rows[0].count), page, size });
});

app.post("/api/v1/items", async (req, res) => {
  const { title, description = null, status = "todo", due_on = null } = req.body;
  const { rows } = await pool.query(
    `insert into items (id, owner_id, title, description, status, due_on, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, now(), now()) returning ${ITEM}`,
    [randomUUID(), res.locals.user.id, title, description, status, due_on],
  );
  res.status(201).json(rows[0]);
});

app.get("/api/v1/items/:id", async (req, res) => {
  const { rows } = await pool.query(`select ${ITEM} from items where id = $1 and owner_id = $2`, [
    req.params.id,
    res.locals.user.id,
  ]);
  res.status(rows.length > 0 ? 200 : 404).json(rows[0]);
});

app.listen(Number(PORT), HOST);
