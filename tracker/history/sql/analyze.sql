-- ANALYZE is its owner's right, and the sweep runs as a role that owns nothing.
CREATE FUNCTION tracker_analyze_followups() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    ANALYZE {schema}.tracker_followup;
END $$;
REVOKE ALL ON FUNCTION tracker_analyze_followups() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tracker_analyze_followups() TO pacta_runtime;
