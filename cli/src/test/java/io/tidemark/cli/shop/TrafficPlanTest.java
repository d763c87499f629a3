package io.tidemark.cli.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cli.shop.ShopChange.Kind;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficPlanTest {
    private static final ShopSize SIZE = ShopSize.ofProducts(2_000);

    @Test
    void one_seed_gives_the_same_changes_in_the_same_order() {
        assertThat(changes(7, 5_000)).isEqualTo(changes(7, 5_000));
    }

    @Test
    void another_seed_gives_other_changes() {
        assertThat(changes(7, 100)).isNotEqualTo(changes(8, 100));
    }

    @Test
    void everything_that_happens_in_a_shop_happens() {
        EnumSet<Kind> seen = EnumSet.noneOf(Kind.class);
        changes(1, 5_000).forEach(change -> seen.add(change.kind()));
        assertThat(seen).containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void a_product_is_changed_by_its_own_shop_only_and_never_after_it_was_removed() {
        Map<Object, Integer> shopOf = new HashMap<>();
        Set<Object> removed = new HashSet<>();
        for (ShopChange change : changes(3, 20_000)) {
            Object product = productOf(change);
            if (product == null) {
                continue;
            }
            assertThat(removed).as("%s", change).doesNotContain(product);
            assertThat(shopOf.computeIfAbsent(product, first -> change.shop())).isEqualTo(change.shop());
            if (change.kind() == Kind.PRODUCT_REMOVED) {
                removed.add(product);
            }
        }
        assertThat(removed).isNotEmpty();
    }

    @Test
    void only_a_sale_that_is_given_up_is_rolled_back() {
        for (ShopChange change : changes(5, 5_000)) {
            assertThat(change.commit()).isEqualTo(change.kind() != Kind.SALE_GIVEN_UP);
        }
    }

    @Test
    void the_smallest_shop_goes_on_when_its_products_run_out() {
        TrafficPlan plan = new TrafficPlan(1, ShopSize.ofProducts(1));
        for (int i = 0; i < 2_000; i++) {
            assertThat(plan.next().statements()).isNotEmpty();
        }
    }

    private static List<ShopChange> changes(long seed, int count) {
        TrafficPlan plan = new TrafficPlan(seed, SIZE);
        return IntStream.range(0, count).mapToObj(i -> plan.next()).toList();
    }

    private static Object productOf(ShopChange change) {
        List<Object> values = change.statements().get(0).values();
        return switch (change.kind()) {
            case PRODUCT_ADDED, PRODUCT_REMOVED -> values.get(0);
            case PRODUCT_VIEWED, PRICE_CHANGED, STOCK_COUNTED, PRODUCT_RENAMED -> values.get(values.size() - 1);
            default -> null;
        };
    }
}
