package io.tidemark.testkit.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.change.Version;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PromisesTest {

    @Nested
    class NoLostChanges {
        private final NoLostChange promise = new NoLostChange();

        @Test
        void isKeptWhenEveryChangeArrivedInAnyOrderAndMoreThanOnce() {
            for (long change = 1; change <= 3; change++) {
                promise.committed("product 1", change);
            }
            for (long change : new long[] {3, 1, 2, 1}) {
                promise.arrived("product 1", change);
            }
            assertThat(promise.violations()).isEmpty();
        }

        @Test
        void isKeptWhenAStateHoldsAllEarlierChanges() {
            promise.committed("product 1", 1);
            promise.committed("product 1", 2);
            promise.covered("product 1", 2);
            assertThat(promise.violations()).isEmpty();
        }

        @Test
        void isKeptWhenMoreArrivedThanTheWriterWasTold() {
            promise.committed("product 1", 1);
            promise.arrived("product 1", 1);
            promise.arrived("product 1", 2);
            assertThat(promise.violations()).isEmpty();
        }

        @Test
        void isBrokenByOneMissingInTheMiddle() {
            for (long change = 1; change <= 3; change++) {
                promise.committed("product 1", change);
            }
            promise.arrived("product 1", 1);
            promise.arrived("product 1", 3);
            assertThat(promise.violations()).singleElement().satisfies(v -> assertThat(v.toString())
                    .contains("product 1", "1 never arrived", "the first being 2"));
        }

        @Test
        void isBrokenByAStateThatIsTooOld() {
            promise.committed("product 1", 1);
            promise.committed("product 1", 2);
            promise.covered("product 1", 1);
            assertThat(promise.violations()).hasSize(1);
        }

        @Test
        void isBrokenByARowOfWhichNothingArrived() {
            promise.committed("product 1", 1);
            assertThatThrownBy(promise::requireKept)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Every committed change arrives")
                    .hasMessageContaining("product 1");
        }
    }

    @Nested
    class PerRowOrders {
        private final PerRowOrder promise = new PerRowOrder();

        @Test
        void isKeptByOrderAndBySendingAgain() {
            arrive(1, 2, 3, 2, 3, 4, 1, 2, 3, 4);
            assertThatCode(promise::requireKept).doesNotThrowAnyException();
        }

        @Test
        void isKeptWhenRowsAreInterleaved() {
            promise.arrived("product 2", 5);
            promise.arrived("product 1", 1);
            promise.arrived("product 2", 6);
            assertThat(promise.violations()).isEmpty();
        }

        @Test
        void isBrokenByAChangeThatComesTooLate() {
            arrive(1, 3, 2, 3);
            assertThat(promise.violations()).singleElement().satisfies(v -> assertThat(v.evidence())
                    .contains("change 2 arrived for the first time after change 3"));
        }

        @Test
        void isBrokenWhenTheLastToArriveIsNotTheNewest() {
            arrive(1, 2, 3, 2);
            assertThat(promise.violations()).singleElement().satisfies(v -> assertThat(v.evidence())
                    .contains("the last to arrive is change 2"));
        }

        private void arrive(long... changes) {
            for (long change : changes) {
                promise.arrived("product 1", change);
            }
        }
    }

    @Nested
    class NoStaleOverwrites {
        private final NoStaleOverwrite<Version> promise = new NoStaleOverwrite<>();

        @Test
        void isKeptByGrowingVersionsADeletionAndANewEpoch() {
            see("a", 10, true);
            see("a", 10, true);
            see("a", 20, false);
            see("a", 30, true);
            promise.seen("key", "a", new Version(2, 5, 5, 1), true, "later");
            assertThat(promise.violations()).isEmpty();
        }

        @Test
        void isKeptWhenAnEmptiedRedisBeginsAnew() {
            see("a", 20, true);
            see("b", 10, true);
            assertThat(promise.violations()).isEmpty();
        }

        @Test
        void isBrokenByAnOlderVersion() {
            see("a", 20, true);
            see("a", 10, true);
            assertThat(promise.violations()).singleElement().satisfies(v -> assertThat(v.evidence())
                    .contains("went back"));
        }

        @Test
        void isBrokenByADeleteThatIsUndone() {
            see("a", 20, false);
            see("a", 20, true);
            assertThat(promise.violations()).singleElement().satisfies(v -> assertThat(v.evidence())
                    .contains("deleted"));
        }

        @Test
        void isBrokenByALateWriteAfterADelete() {
            see("a", 20, false);
            see("a", 19, true);
            assertThat(promise.violations()).hasSize(1);
        }

        private void see(String life, long lsn, boolean present) {
            promise.seen("key", life, new Version(1, lsn, lsn, 1), present, "read at " + lsn);
        }
    }

    @Nested
    class OnlyCommitted {
        private final OnlyCommittedValues promise = new OnlyCommittedValues();

        @Test
        void isKeptByOldAndNewCommittedValues() {
            promise.committed("key", "1");
            promise.committed("key", "2");
            promise.read("key", "2");
            promise.read("key", "1");
            assertThat(promise.violations()).isEmpty();
        }

        @Test
        void isBrokenByAValueOfAnotherRow() {
            promise.committed("other", "1");
            promise.read("key", "1");
            assertThat(promise.violations()).hasSize(1);
        }
    }

    @Nested
    class EventuallyEquals {
        private final EventuallyEqual promise = new EventuallyEqual();

        @Test
        void isKeptByTheSameJsonValueInAnotherForm() {
            promise.inDatabase("key", "{\"a\": 1.50, \"b\": [1, null, \"x\"], \"c\": {\"d\": 100}}");
            promise.inCache("key", "{\"c\":{\"d\":1e2},\"b\":[1,null,\"\\u0078\"],\"a\":1.5}");
            assertThat(promise.violations()).isEmpty();
            assertThat(promise.compared()).isEqualTo(1);
        }

        @Test
        void tellsDigitsThatADoubleCannotHold() {
            promise.inDatabase("key", "{\"a\": 12345678901234567890.123456789}");
            promise.inCache("key", "{\"a\": 12345678901234567890.123456788}");
            assertThat(promise.violations()).hasSize(1);
        }

        @Test
        void tellsNullFromAbsentAndNumbersFromText() {
            promise.inDatabase("null", "{\"a\": null}");
            promise.inCache("null", "{}");
            promise.inDatabase("text", "{\"a\": 1}");
            promise.inCache("text", "{\"a\": \"1\"}");
            promise.inDatabase("broken", "{\"a\": 1}");
            promise.inCache("broken", "{\"a\": 1");
            assertThat(promise.violations()).hasSize(3).allMatch(v -> v.evidence()
                    .startsWith("stale"));
        }

        @Test
        void namesWhatIsMissingAndWhatIsOrphaned() {
            promise.inDatabase("product:1", "{}");
            promise.inCache("product:2", "{}");
            assertThat(promise.violations())
                    .extracting(Violation::subject, v -> v.evidence().split(";")[0])
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("product:1", "missing"),
                            org.assertj.core.groups.Tuple.tuple("product:2", "orphaned"));
        }
    }

    @Nested
    class BoundedAges {
        private final BoundedAge promise = new BoundedAge(Duration.ofNanos(100));

        @Test
        void isKeptByTheNewestAndByWhatWasReplacedWithinTheBound() {
            promise.written("a", 1, 0);
            promise.written("a", 2, 1_000);
            promise.read("a", 1, 999);
            promise.read("a", 1, 1_099);
            promise.read("a", 2, 5_000);
            promise.read("b", 0, 5_000);
            assertThat(promise.violations()).isEmpty();
            assertThat(promise.reads()).isEqualTo(4);
        }

        @Test
        void isBrokenByWhatWasReplacedABoundAgo() {
            promise.written("a", 1, 0);
            promise.written("a", 2, 1_000);
            promise.read("a", 1, 1_100);
            assertThat(promise.violations()).singleElement().satisfies(v -> assertThat(v.toString())
                    .contains("a", "read as 1", "2 had been written"));
        }
    }
}
