/** The registry of external services: which HTTP services outside of the shop the gateway leads to. */
package dev.souk.registry;
