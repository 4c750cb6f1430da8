package dev.souk.gateway.contract;

/** What goes on when not everything can, least important first: {@code x-souk-priority} in the contract. */
public enum Priority {
    /** Looking around: shed first. */
    BROWSING,
    /** Whatever says nothing. */
    ORDINARY,
    /** What a client came for. */
    CHECKOUT,
    /** What gives something back, such as stock, and so makes room: never shed for the pressure's sake. */
    RELEASE,
    /** How the gateway is asked whether it lives: never shed at all. */
    CONTROL
}
