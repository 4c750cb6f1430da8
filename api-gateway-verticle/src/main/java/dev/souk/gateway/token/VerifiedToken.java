package dev.souk.gateway.token;

import dev.souk.contracts.Caller;
import java.time.Instant;

/** Whom a token that was found valid stands for, and until when. */
record VerifiedToken(Caller caller, Instant expires) {}
