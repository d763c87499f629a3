package io.tidemark.reconciler.cause;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.Version;
import io.tidemark.core.document.Format;
import io.tidemark.reconciler.cause.Evidence.RedisFigures;
import io.tidemark.reconciler.cause.Evidence.Search;
import io.tidemark.reconciler.cause.Evidence.Trace;
import io.tidemark.reconciler.verify.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The truth table of causes: which evidence tells which. */
class JudgeTest {
    private static final Instant STARTED = Instant.parse("2026-11-21T10:00:00Z");
    private static final String ROW = "{\"id\":1,\"stock\":2}";
    private static final String OTHER = "{\"id\":1,\"stock\":3}";
    private static final String OLD = version(10);
    private static final String NEW = version(20);
    private static final Trace WHOLE = new Trace("string", -1, -1, NEW, null);
    private static final Trace BEHIND = new Trace("string", -1, -1, OLD, null);
    private static final Trace EMPTY = new Trace("none", -2, -1, NEW, null);
    private static final Trace NOTHING = new Trace("none", -2, -2, null, null);

    @Test
    void a_value_that_the_stream_never_gave_was_written_by_somebody_else() {
        expect(Cause.FOREIGN_WRITE, stale(OTHER, WHOLE, newest(ROW)));
        expect(Cause.FOREIGN_WRITE, stale("no JSON", WHOLE, newest(ROW)));
        expect(Cause.FOREIGN_WRITE, orphaned(WHOLE, deletion()));
        expect(Cause.FOREIGN_WRITE, orphaned(new Trace("string", -1, 5000, NEW, null), new Search.Nothing()));
        expect(Cause.FOREIGN_WRITE, orphaned(new Trace("string", -1, -2, null, null), new Search.Nothing()));
        expect(Cause.FOREIGN_WRITE, missing(new Trace("list", -1, -1, NEW, null), newest(ROW), 5));
    }

    @Test
    void a_value_that_was_read_from_the_database_after_the_newest_change_has_seen_it() {
        expect(Cause.FOREIGN_WRITE, stale(OTHER, new Trace("string", -1, -1, Version.NONE.text(), 20L), newest(ROW)));
        expect(Cause.UNKNOWN, stale(OTHER, new Trace("string", -1, -1, Version.NONE.text(), 19L), newest(ROW)));
    }

    @Test
    void a_time_to_live_that_the_cache_does_not_give_tells_a_foreign_hand_without_a_look_at_the_stream() {
        Search not = new Search.NotMade("many");
        expect(Cause.FOREIGN_WRITE, stale(OTHER, new Trace("string", 5000, -1, NEW, null), not));
        expect(
                Cause.FOREIGN_WRITE,
                new Evidence(Verdict.STALE, bytes(OTHER), bytes(ROW), true, Format.JSON, WHOLE, redis(0), not));
    }

    @Test
    void what_is_gone_was_evicted_where_redis_evicts_and_else_removed_by_somebody() {
        expect(Cause.FOREIGN_DELETE, missing(EMPTY, newest(ROW), 0));
        expect(Cause.FOREIGN_DELETE, missing(NOTHING, newest(ROW), 0));
        expect(Cause.EVICTED, missing(EMPTY, newest(ROW), 3));
        expect(Cause.EVICTED, missing(NOTHING, newest(ROW), 3));
        expect(Cause.EVICTED, missing(NOTHING, new Search.NotMade("many"), 3));
        expect(Cause.UNKNOWN, missing(NOTHING, new Search.NotMade("many"), 0));
        expect(Cause.EXPIRED, missing(new Trace("none", -2, 5000, NEW, null), newest(ROW), 3));
    }

    @Test
    void a_right_value_without_its_meta_lost_its_meta() {
        Evidence evidence = new Evidence(
                Verdict.MISSING,
                bytes(ROW),
                bytes(ROW),
                false,
                Format.JSON,
                new Trace("string", -1, -2, null, null),
                redis(0),
                newest(ROW));
        expect(Cause.FOREIGN_DELETE, evidence);
    }

    @Test
    void a_fence_ahead_of_the_stream_refuses_its_changes() {
        expect(Cause.REFUSED_AS_OLDER, stale(OTHER, new Trace("string", -1, -1, version(99), null), newest(ROW)));
        expect(Cause.REFUSED_AS_OLDER, missing(new Trace("none", -2, -1, version(99), null), newest(ROW), 0));
    }

    @Test
    void a_fence_behind_the_stream_was_lost_with_redis_when_redis_started_later() {
        Instant before = STARTED.minusSeconds(5);
        expect(Cause.LOST_WITH_REDIS, stale(OTHER, BEHIND, new Search.Newest(NEW, before, false, bytes(ROW))));
        expect(Cause.LOST_WITH_REDIS, missing(NOTHING, new Search.Newest(NEW, before, false, bytes(ROW)), 0));
        expect(Cause.LOST_WITH_REDIS, orphaned(BEHIND, new Search.Newest(NEW, before, true, null)));
        expect(Cause.UNKNOWN, stale(OTHER, BEHIND, newest(ROW)));
    }

    @Test
    void a_row_that_is_not_what_the_stream_says_was_changed_past_it() {
        expect(Cause.NOT_IN_STREAM, stale(OTHER, WHOLE, newest(OTHER)));
        expect(Cause.NOT_IN_STREAM, stale(OTHER, WHOLE, deletion()));
        expect(Cause.NOT_IN_STREAM, stale(OTHER, WHOLE, new Search.Nothing()));
        expect(Cause.NOT_IN_STREAM, missing(NOTHING, new Search.Nothing(), 0));
        expect(Cause.NOT_IN_STREAM, orphaned(WHOLE, newest(ROW)));
    }

    @Test
    void other_members_of_the_same_row_are_another_rule() {
        expect(Cause.RULE_CHANGED, stale("{\"id\":1}", WHOLE, newest(ROW)));
        expect(Cause.RULE_CHANGED, stale("{\"id\":1,\"stock\":2,\"old\":3}", WHOLE, newest(ROW)));
        expect(Cause.FOREIGN_WRITE, stale("{\"id\":2}", WHOLE, newest(ROW)));
        expect(Cause.FOREIGN_WRITE, stale("{\"x\":2}", WHOLE, newest(ROW)));
    }

    @Test
    void a_dead_letter_is_named_before_anything_else() {
        expect(Cause.DEAD_LETTER, missing(EMPTY, new Search.Unreadable("offset 5", "bad", newest(ROW)), 9));
    }

    @Test
    void a_dead_letter_is_over_once_the_entry_was_read_from_the_database() {
        Trace read = new Trace("none", -2, -1, NEW, 30L);
        expect(Cause.FOREIGN_DELETE, missing(read, new Search.Unreadable("offset 5", "bad", newest(ROW)), 0));
    }

    @Test
    void what_the_stream_does_not_carry_exactly_is_not_judged_by_it() {
        expect(Cause.UNKNOWN, stale(OTHER, WHOLE, new Search.Newest(NEW, STARTED, false, null)));
    }

    @Test
    void evidence_holds_no_value_of_the_row() {
        assertThat(Judge.of(stale("{\"id\":1,\"stock\":2,\"secret\":77123}", WHOLE, newest(ROW)))
                        .evidence())
                .doesNotContain("77123");
    }

    private static void expect(Cause cause, Evidence evidence) {
        Cause.Found found = Judge.of(evidence);
        assertThat(found.cause()).as(found.evidence()).isEqualTo(cause);
        assertThat(found.evidence()).isNotBlank();
    }

    private static Evidence stale(String value, Trace trace, Search search) {
        return new Evidence(Verdict.STALE, bytes(value), bytes(ROW), false, Format.JSON, trace, redis(3), search);
    }

    private static Evidence orphaned(Trace trace, Search search) {
        return new Evidence(Verdict.ORPHANED, bytes(ROW), null, false, Format.JSON, trace, redis(3), search);
    }

    private static Evidence missing(Trace trace, Search search, long evicted) {
        return new Evidence(Verdict.MISSING, null, bytes(ROW), false, Format.JSON, trace, redis(evicted), search);
    }

    private static RedisFigures redis(long evicted) {
        return new RedisFigures(evicted, STARTED);
    }

    private static Search newest(String document) {
        return new Search.Newest(NEW, STARTED.plusSeconds(5), false, bytes(document));
    }

    private static Search deletion() {
        return new Search.Newest(NEW, STARTED.plusSeconds(5), true, null);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private static String version(long commitLsn) {
        return new Version(1, commitLsn, 1, 1).text();
    }
}
