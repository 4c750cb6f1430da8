/** A payment provider to develop and test against: a small real HTTP server with a durable ledger of its own. */
package dev.souk.sandbox;
