package dev.souk.payment;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the provider's HTTP answers mean. Only what he says in so many words is taken for certain; everything else, an
 * answer in another form too, leaves the outcome open and is a {@link Fault} {@code UNAVAILABLE}.
 */
final class ProviderAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderAnswers.class);
    private static final Pattern REFERENCE = Pattern.compile("[!-~]{1,255}");
    private static final Pattern CODE = Pattern.compile("[a-z0-9_.-]{1,100}");

    /** He is busy with it or with others: nothing that anybody must look into. */
    private static final Set<Integer> ROUTINE = Set.of(409, 429);
    /** The key was used with another body: there may be a charge with it after all, which a refund finds. */
    private static final String KEY_REUSED = "key_reused";

    private ProviderAnswers() {}

    /** @param expected what was asked for */
    static ChargeAnswer charge(int status, Buffer body, Money expected) {
        Optional<JsonObject> answer = parse(body);
        if (status == 200 || status == 201) {
            return answer.filter(charge -> isDone(charge, expected))
                    .map(charge -> new ChargeAnswer.Charged(charge.getString("id")))
                    .orElseThrow(() -> open("charge", status, "an answer that is not of its form"));
        }
        String code = answer.flatMap(ProviderAnswers::code).orElse("");
        return switch (status) {
            case 402 -> new ChargeAnswer.Declined(code.isEmpty() ? "declined" : code);
            case 400, 422 -> {
                if (code.isEmpty() || code.equals(KEY_REUSED)) {
                    throw open("charge", status, code);
                }
                yield new ChargeAnswer.Declined(code);
            }
            case 409 -> {
                if (!code.equals("charge_voided")) {
                    throw open("charge", status, code);
                }
                yield new ChargeAnswer.Voided();
            }
            default -> throw open("charge", status, code);
        };
    }

    /** @param expected what the charge was for */
    static RefundAnswer refund(int status, Buffer body, Money expected) {
        Optional<JsonObject> answer = parse(body);
        if (status == 200
                && answer.filter(refund -> has(refund, "status", "void")).isPresent()) {
            return new RefundAnswer.Voided();
        }
        if (status == 200 || status == 201) {
            return answer.filter(refund -> isDone(refund, expected) && isReference(refund.getValue("charge")))
                    .map(refund -> new RefundAnswer.Refunded(refund.getString("id"), refund.getString("charge")))
                    .orElseThrow(() -> open("refund", status, "an answer that is not of its form"));
        }
        throw open("refund", status, answer.flatMap(ProviderAnswers::code).orElse(""));
    }

    private static boolean isDone(JsonObject payment, Money expected) {
        return has(payment, "status", "succeeded")
                && isReference(payment.getValue("id"))
                && payment.getValue("amount") instanceof Number amount
                && amount.longValue() == expected.amount()
                && has(payment, "currency", expected.currency());
    }

    private static boolean has(JsonObject answer, String member, String value) {
        return value.equals(answer.getValue(member));
    }

    /** What cannot be stored must not get as far as the database. */
    private static boolean isReference(Object value) {
        return value instanceof String text && REFERENCE.matcher(text).matches();
    }

    private static Optional<String> code(JsonObject answer) {
        return answer.getValue("error") instanceof JsonObject error
                        && error.getValue("code") instanceof String code
                        && CODE.matcher(code).matches()
                ? Optional.of(code)
                : Optional.empty();
    }

    private static Optional<JsonObject> parse(Buffer body) {
        try {
            return Optional.ofNullable(body).map(JsonObject::new);
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    private static Fault open(String what, int status, String code) {
        if (ROUTINE.contains(status)) {
            LOG.debug("the payment provider answered a {} with {} {}", what, status, code);
        } else {
            LOG.warn("the payment provider answered a {} with {} {}, which settles nothing", what, status, code);
        }
        return Fault.of(Fault.Code.UNAVAILABLE, "The payment provider has not settled it yet.");
    }
}
