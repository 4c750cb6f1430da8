package dev.souk.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the entries so far come to. A draft lies over another book and shows both, and leaves the one beneath as it is:
 * thrown away, nothing happened.
 */
public final class Book {
    private final Optional<Book> beneath;
    private final long firstSeq;
    private final Map<String, Standing> standings = new HashMap<>();
    private final Map<String, String> chargeKeys = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private Book(Optional<Book> beneath, long firstSeq) {
        this.beneath = beneath;
        this.firstSeq = firstSeq;
    }

    public static Book empty() {
        return new Book(Optional.empty(), 1);
    }

    /** A book in which one can write on from here without changing this one. */
    public Book draft() {
        return new Book(Optional.of(this), nextSeq());
    }

    /** What has become of a charge's key; empty if it is not known. */
    public Optional<Standing> standing(String chargeKey) {
        return Optional.ofNullable(standings.get(chargeKey))
                .or(() -> beneath.flatMap(book -> book.standing(chargeKey)));
    }

    /** The key of the charge that a refund's key was used for; empty if it was used for none. */
    public Optional<String> chargeKeyOf(String refundKey) {
        return Optional.ofNullable(chargeKeys.get(refundKey))
                .or(() -> beneath.flatMap(book -> book.chargeKeyOf(refundKey)));
    }

    public long nextSeq() {
        return firstSeq + entries.size();
    }

    /** Those written here, in their order; without those beneath. Grows while one looks at it. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** @throws IllegalStateException, nothing changed, if the entry cannot follow those before it */
    public void write(Entry entry) {
        if (entry.seq() != nextSeq()) {
            throw new IllegalStateException("entry " + entry.seq() + " stands where " + nextSeq() + " should be");
        }
        String chargeKey = chargeKey(entry);
        standings.put(chargeKey, LedgerRules.after(standing(chargeKey), entry));
        refundKey(entry).ifPresent(key -> chargeKeys.put(key, chargeKey));
        entries.add(entry);
    }

    private static String chargeKey(Entry entry) {
        return switch (entry) {
            case Entry.Charge charge -> charge.key();
            case Entry.Decline decline -> decline.key();
            case Entry.Refund refund -> refund.chargeKey();
            case Entry.Void tombstone -> tombstone.key();
        };
    }

    private static Optional<String> refundKey(Entry entry) {
        return switch (entry) {
            case Entry.Refund refund -> Optional.of(refund.key());
            case Entry.Void tombstone -> Optional.of(tombstone.refundKey());
            case Entry.Charge charge -> Optional.empty();
            case Entry.Decline decline -> Optional.empty();
        };
    }
}
