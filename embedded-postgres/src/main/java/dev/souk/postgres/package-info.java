/**
 * A real, durable PostgreSQL that comes as a Maven artifact and needs nothing installed: unpacked, initialised, started,
 * watched and stopped by {@link dev.souk.postgres.EmbeddedPostgres}. Everything here blocks; call it from a thread that may.
 */
package dev.souk.postgres;
