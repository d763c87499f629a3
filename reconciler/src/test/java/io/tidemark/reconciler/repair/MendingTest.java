package io.tidemark.reconciler.repair;

import static io.tidemark.reconciler.verify.InMemory.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Version;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import io.tidemark.reconciler.verify.Compared;
import io.tidemark.reconciler.verify.Drift;
import io.tidemark.reconciler.verify.Entry;
import io.tidemark.reconciler.verify.Findings;
import io.tidemark.reconciler.verify.InMemory;
import io.tidemark.reconciler.verify.Order.Mode;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Tally.Repair;
import io.tidemark.reconciler.verify.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MendingTest {
    private static final Subject CACHE = InMemory.cache(null);
    private static final String AHEAD = new Version(1, 0xff, 0xff, 1).text();

    private final InMemory memory = new InMemory();
    private final Tally tally = Tally.ofFewExamples();
    private final List<String> asked = new ArrayList<>();

    @Test
    void only_what_is_right_when_it_is_looked_at_again_counts_as_repaired() throws Exception {
        memory.consistent(3);
        memory.redis.put("p:1", entry("{}", "v"));
        memory.redis.put("p:2", entry("{}", "v"));
        Mending mending = mending(Mode.REPAIR, key -> {
            if (key.equals("p:1")) {
                memory.redis.put(key, entry("{\"id\":1}", "v"));
            }
        });
        mending.drifted(List.of(stale(1, "v"), stale(2, "v")));
        mending.finish();

        assertThat(tally.count(Repair.ASKED)).isEqualTo(2);
        assertThat(tally.count(Repair.DONE)).isEqualTo(1);
        assertThat(tally.count(Repair.FAILED)).isEqualTo(1);
    }

    @Test
    void what_is_right_is_looked_at_once_and_what_is_just_being_written_is_no_failure() throws Exception {
        memory.consistent(2);
        memory.redis.put("p:2", entry("{}", "v"));
        int[] looks = {0};
        memory.applied = lsn -> {
            if (++looks[0] == 2) {
                memory.redis.put("p:2", entry("{\"id\":\"of a later change\"}", "w"));
            }
        };
        Mending mending = mending(Mode.REPAIR, key -> {});
        mending.drifted(List.of(stale(1, "v"), stale(2, "v")));
        mending.finish();

        assertThat(looks[0]).isEqualTo(2);
        assertThat(tally.count(Repair.DONE)).isEqualTo(2);
        assertThat(tally.count(Repair.FAILED)).isZero();

        memory.redis.put("p:2", entry("{\"id\":2}", "x"));
        mending.drifted(List.of(stale(1, "v"), stale(2, "x")));
        mending.finish();
        assertThat(looks[0]).isEqualTo(3);
    }

    @Test
    void a_value_without_its_meta_is_not_repaired_although_it_is_right() throws Exception {
        memory.consistent(2);
        Mending mending = mending(
                Mode.REPAIR, key -> memory.redis.put("p:1", new Entry("{\"id\":1}".getBytes(UTF_8), null, null)));
        mending.drifted(List.of(stale(1, "v"), stale(2, "v")));
        mending.finish();

        assertThat(tally.count(Repair.DONE)).isEqualTo(1);
        assertThat(tally.count(Repair.FAILED)).isEqualTo(1);
    }

    @Test
    void an_entry_that_went_with_its_row_is_repaired_and_one_that_stayed_is_not() throws Exception {
        memory.redis.put("p:2", entry("{\"id\":2}", "v"));
        Mending mending = mending(Mode.REPAIR, key -> {});
        mending.drifted(List.of(stale(1, "v"), stale(2, "v")));
        mending.finish();

        assertThat(tally.count(Repair.DONE)).isEqualTo(1);
        assertThat(tally.count(Repair.FAILED)).isEqualTo(1);
    }

    @Test
    void nothing_is_asked_for_where_only_a_look_is_ordered() throws Exception {
        memory.consistent(1);
        Mending mending = mending(Mode.CHECK, key -> {});
        mending.drifted(List.of(stale(1, "v")));
        mending.right(List.of("p:1"));
        mending.finish();

        assertThat(asked).isEmpty();
    }

    @Test
    void only_a_fence_that_is_ahead_of_all_that_postgresql_has_written_is_forgotten() throws Exception {
        memory.consistent(2);
        Mending mending = mending(Mode.REPAIR, key -> {});
        mending.drifted(List.of(stale(1, new Version(1, 7, 7, 1).text()), stale(2, AHEAD)));
        mending.finish();

        assertThat(asked).containsExactlyInAnyOrder("p:1", "forget p:2");
    }

    @Test
    void a_repair_that_nobody_does_is_said_and_not_counted() throws Exception {
        memory.consistent(1);
        Mending mending = mending(Mode.REPAIR, key -> {
            throw new NotAppliedException("nobody does it");
        });
        mending.drifted(List.of(stale(1, "v")));

        assertThatThrownBy(mending::finish).hasMessage("nobody does it");
        assertThat(tally.count(Repair.DONE)).isZero();
    }

    private interface Writer {
        void repair(String key) throws NotAppliedException;
    }

    /** A cache-writer that does to each key what the test says, when it is waited for. */
    private Mending mending(Mode mode, Writer writer) throws Exception {
        Compared compared = Compared.of(memory, CACHE, memory.rows(CACHE));
        List<String> due = new ArrayList<>();
        Repairs repairs = new Repairs() {
            @Override
            public long ask(String run, String cache, boolean forget, List<String> keys) {
                keys.forEach(key -> asked.add((forget ? "forget " : "") + key));
                due.addAll(keys);
                return due.size();
            }

            @Override
            public void await(long upTo) throws NotAppliedException {
                for (String key : due) {
                    writer.repair(key);
                }
                due.clear();
            }
        };
        return new Mending(new Mending.Ordered("run", CACHE, mode), Findings.NONE, repairs, compared, tally);
    }

    private static Drift stale(long id, String version) {
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("id", id);
        return new Drift("p:" + id, row, Verdict.STALE, entry("{}", version), null, 7);
    }
}
