package io.tidemark.cli.shop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShopRowsTest {
    private static final ShopSize SIZE = ShopSize.ofProducts(1_000);

    @Test
    void one_seed_gives_the_same_rows() {
        assertThat(products(1)).isEqualTo(products(1)).isNotEqualTo(products(2));
    }

    @Test
    void every_product_is_one_line_of_sixteen_columns() {
        String[] lines = products(1).split("\n", -1);
        assertThat(lines).hasSize(201);
        for (String line : lines) {
            if (!line.isEmpty()) {
                assertThat(line.split("\t", -1)).hasSize(16);
            }
        }
    }

    @Test
    void what_would_end_a_field_or_a_row_is_escaped() {
        CopyLine line = new CopyLine();
        line.with("a\tb\nc\\d\re").with((String) null).with(true).with(5).endRow();
        assertThat(line.take()).isEqualTo("a\\tb\\nc\\\\d\\re\t\\N\tt\t5\n");
    }

    private static String products(long seed) {
        ShopRows rows = new ShopRows(seed, SIZE);
        CopyLine line = new CopyLine();
        for (long id = 1; id <= 200; id++) {
            rows.product(line, id);
        }
        return line.take();
    }
}
