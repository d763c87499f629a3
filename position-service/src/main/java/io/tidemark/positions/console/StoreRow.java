package io.tidemark.positions.console;

import io.tidemark.positions.position.Badge;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreHealth;
import io.tidemark.positions.position.SyncState;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One store as the page shows it. Immutable.
 *
 * @param store its name
 * @param badge the verdict
 * @param page where it goes on; a dash when Redis holds nothing
 * @param lastOrder the last order taken in
 * @param source where the position comes from
 * @param asOf when it was reached, as an ISO time; empty for none
 * @param callsLeft calls of the API left this hour
 * @param phase what its sync does
 * @param lastError what went wrong last
 * @param reason the badge in words
 * @param canUndo whether a rewind may be undone
 * @param paused whether its syncs are held
 */
public record StoreRow(
        String store,
        Badge badge,
        String page,
        String lastOrder,
        String source,
        String asOf,
        String callsLeft,
        String phase,
        String lastError,
        String reason,
        boolean canUndo,
        boolean paused) {

    static StoreRow of(StoreHealth health, SyncState sync) {
        Optional<Position> held = health.inRedis();
        return new StoreRow(
                health.store().name(),
                health.badge(),
                held.map(position -> number(position.page())).orElse("–"),
                held.map(position -> position.isStart() ? "none" : number(position.lastId()))
                        .orElse("–"),
                held.map(StoreRow::source).orElse("–"),
                held.map(position -> position.asOf().toString()).orElse(""),
                left(sync.callsLeftThisHour()),
                sync.phase().label(),
                sync.lastError().orElse(""),
                health.reason(),
                held.flatMap(Position::rewoundFrom).isPresent(),
                sync.phase() == SyncState.Phase.PAUSED);
    }

    /** The badge's name for the style sheet. */
    public String badgeClass() {
        return badge.name().toLowerCase(Locale.ROOT);
    }

    private static String source(Position position) {
        return position.layer().label() + (position.generation() > 0 ? ", rewound" : "");
    }

    private static String left(OptionalLong calls) {
        return calls.isPresent() ? number(calls.getAsLong()) : "–";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
