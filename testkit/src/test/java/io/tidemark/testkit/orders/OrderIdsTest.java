package io.tidemark.testkit.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OrderIdsTest {

    @Test
    void findsByPlaceAndByIdWhateverWasAddedAndRemoved() {
        Random random = new Random(7);
        OrderIds ids = new OrderIds();
        TreeSet<Integer> expected = new TreeSet<>();
        for (int i = 0; i < 20_000; i++) {
            int id = 1 + random.nextInt(30_000);
            if (random.nextInt(4) == 0) {
                assertThat(ids.remove(id)).isEqualTo(expected.remove(id));
            } else {
                ids.add(id);
                expected.add(id);
            }
        }
        List<Integer> ordered = new ArrayList<>(expected);
        assertThat(ids.count()).isEqualTo(ordered.size());
        assertThat(ids.last()).isEqualTo(ordered.get(ordered.size() - 1));
        for (int place = 0; place < ordered.size(); place += 37) {
            int id = ordered.get(place);
            assertThat(ids.at(place)).isEqualTo(id);
            assertThat(ids.countBelow(id)).isEqualTo(place);
            assertThat(ids.countBelow(id + 1)).isEqualTo(place + 1);
        }
        assertThat(ids.from(100, 3))
                .containsExactly(
                        expected.tailSet(100).stream().limit(3).mapToInt(i -> i).toArray());
        assertThat(ids.downFrom(100, 3))
                .containsExactly(expected.headSet(100, true).descendingSet().stream()
                        .limit(3)
                        .mapToInt(i -> i)
                        .toArray());
    }
}
