package dev.souk.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One step in the history of a user's account. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = UserEvent.Registered.class, name = "USER_REGISTERED"),
    @JsonSubTypes.Type(value = UserEvent.Changed.class, name = "USER_CHANGED")
})
public sealed interface UserEvent {
    /** The account was made. */
    record Registered(String name, String email, Caller.Role role) implements UserEvent {}

    /** The user changed the account, which now has this name and mail. */
    record Changed(String name, String email, boolean passwordChanged) implements UserEvent {}
}
