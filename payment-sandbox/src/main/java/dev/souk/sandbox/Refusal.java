package dev.souk.sandbox;

/** A request that cannot be taken, and changed nothing. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Reply.Answer answer;

    Refusal(int status, String code, String message) {
        super(message, null, false, false);
        this.answer = Reply.Answer.error(status, code, message);
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "invalid_request", message);
    }

    Reply.Answer answer() {
        return answer;
    }
}
