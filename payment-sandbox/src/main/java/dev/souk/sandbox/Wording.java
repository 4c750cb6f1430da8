package dev.souk.sandbox;

import io.vertx.core.json.JsonObject;

/** How outcomes, standings and entries are told over HTTP. The same entry is always told in the same bytes. */
final class Wording {
    private Wording() {}

    static Reply reply(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Charged(Entry.Charge charge, boolean again) ->
                new Reply.Answer(again ? 200 : 201, charge(charge));
            case Outcome.Declined(Entry.Decline decline) -> decline(decline);
            case Outcome.ChargeVoided voided ->
                Reply.Answer.error(409, "charge_voided", "A refund closed this key before anything was charged.");
            case Outcome.Refunded(Entry.Refund refund, boolean again) ->
                new Reply.Answer(again ? 200 : 201, refund(refund));
            case Outcome.NothingCharged nothing -> new Reply.Answer(200, new JsonObject().put("status", "void"));
            case Outcome.KeyReused reused ->
                Reply.Answer.error(422, "key_reused", "This key was used for another request.");
            case Outcome.InProgress busy ->
                Reply.Answer.error(
                        409, "charge_in_progress", "The first request with this key is still being worked on.");
            case Outcome.Stumbled stumbled ->
                Reply.Answer.error(500, "provider_error", "Something went wrong; nothing was charged.");
            case Outcome.Unanswered unanswered -> new Reply.Silence();
        };
    }

    /** What has become of a key. */
    static JsonObject standing(String key, Standing standing) {
        return switch (standing) {
            case Standing.Charged(Entry.Charge charge) ->
                standing(key, charge.id(), "succeeded", charge.amount(), charge.currency());
            case Standing.Declined(Entry.Decline decline) ->
                standing(key, decline.id(), "declined", decline.amount(), decline.currency());
            case Standing.Refunded(Entry.Charge charge, Entry.Refund refund) ->
                standing(key, charge.id(), "refunded", charge.amount(), charge.currency());
            case Standing.Voided(Entry.Void tombstone) -> standing(key, tombstone.id(), "voided", 0, null);
        };
    }

    /** A line of the ledger. A refund's key is its own and names its charge by id; a void's key is the one it closed. */
    static JsonObject entry(Entry entry) {
        JsonObject line = new JsonObject().put("seq", entry.seq()).put("kind", entry.kind());
        switch (entry) {
            case Entry.Charge charge ->
                line.put("key", charge.key())
                        .put("id", charge.id())
                        .put("amount", charge.amount())
                        .put("currency", charge.currency());
            case Entry.Decline decline ->
                line.put("key", decline.key())
                        .put("id", decline.id())
                        .put("amount", decline.amount())
                        .put("currency", decline.currency());
            case Entry.Refund refund ->
                line.put("key", refund.key())
                        .put("id", refund.id())
                        .put("charge", refund.charge())
                        .put("amount", refund.amount())
                        .put("currency", refund.currency());
            case Entry.Void tombstone ->
                line.put("key", tombstone.key())
                        .put("id", tombstone.id())
                        .put("amount", 0)
                        .putNull("currency");
        }
        return line.put("at", entry.at().toString());
    }

    static JsonObject faults(Faults faults) {
        return new JsonObject()
                .put("errorRate", faults.errorRate())
                .put("hangRate", faults.hangRate())
                .put("latencyMs", faults.latencyMs())
                .put("down", faults.down());
    }

    private static JsonObject charge(Entry.Charge charge) {
        return new JsonObject()
                .put("id", charge.id())
                .put("status", "succeeded")
                .put("amount", charge.amount())
                .put("currency", charge.currency());
    }

    private static JsonObject refund(Entry.Refund refund) {
        return new JsonObject()
                .put("id", refund.id())
                .put("status", "succeeded")
                .put("charge", refund.charge())
                .put("amount", refund.amount())
                .put("currency", refund.currency());
    }

    private static Reply decline(Entry.Decline decline) {
        return decline.paymentMethod() == PaymentMethod.INSUFFICIENT_FUNDS
                ? Reply.Answer.error(402, "insufficient_funds", "There is not enough money on this card.")
                : Reply.Answer.error(402, "card_declined", "This card was declined.");
    }

    private static JsonObject standing(String key, String id, String status, long amount, String currency) {
        return new JsonObject()
                .put("key", key)
                .put("id", id)
                .put("status", status)
                .put("amount", amount)
                .put("currency", currency);
    }
}
