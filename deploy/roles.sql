-- Pacta's roles and database on a PostgreSQL (14 or later) of your own. Run it once as a superuser:
--
--     OWNER_PASSWORD=… RUNTIME_PASSWORD=… psql -v ON_ERROR_STOP=1 -f deploy/roles.sql postgres
--
-- pacta_owner    owns the tables; only `manage.py migrate` signs in as it   DATABASE_OWNER_URL
-- pacta_runtime  may read and change rows; web server, worker and beat      DATABASE_URL
-- pacta_audit    owns the history; nobody signs in as it
--
-- The roles belong to the whole server: keep one Pacta on it.
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD

CREATE ROLE pacta_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE pacta_runtime LOGIN PASSWORD :'runtime_password';
CREATE ROLE pacta_audit NOLOGIN;

CREATE DATABASE pacta OWNER pacta_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
\connect pacta
REVOKE ALL ON DATABASE pacta FROM PUBLIC;
GRANT CONNECT ON DATABASE pacta TO pacta_runtime;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO pacta_owner;

-- Needed until the first `manage.py migrate` has made the history; then, as a superuser:
--     REVOKE pacta_audit FROM pacta_owner;
GRANT pacta_audit TO pacta_owner;
