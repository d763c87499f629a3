package io.tidemark.testkit.orders;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** Where one store's calls arrive: its orders, its ledger, its moods. Thread-safe. */
final class StoreDesk {
    private final SimulatedStore store;
    private final StoreLedger ledger;
    private final String token;
    private final ArrayDeque<Mood> moods = new ArrayDeque<>();
    private volatile Consumer<Long> beforeEachAnswer = call -> {};
    private volatile byte[] lastAnswer = new byte[0];

    StoreDesk(SimulatedStore store, StoreLedger ledger, String token) {
        this.store = store;
        this.ledger = ledger;
        this.token = token;
    }

    SimulatedStore store() {
        return store;
    }

    StoreLedger ledger() {
        return ledger;
    }

    String token() {
        return token;
    }

    synchronized void mood(Mood mood, int calls) {
        for (int i = 0; i < calls; i++) {
            moods.addLast(mood);
        }
    }

    /** The mood for this call, used up by it. */
    synchronized Optional<Mood> takeMood(boolean withCursor) {
        for (Iterator<Mood> left = moods.iterator(); left.hasNext(); ) {
            Mood mood = left.next();
            if (withCursor || !mood.needsCursor()) {
                left.remove();
                ledger.moody(mood);
                return Optional.of(mood);
            }
        }
        return Optional.empty();
    }

    void beforeEachAnswer(Consumer<Long> action) {
        beforeEachAnswer = action;
    }

    void aboutToAnswer() {
        beforeEachAnswer.accept(ledger.calls());
    }

    byte[] lastAnswer() {
        return lastAnswer;
    }

    void answered(byte[] body) {
        lastAnswer = body;
    }
}
