package io.tidemark.reconciler.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkSizeTest {

    @Test
    void a_chunk_grows_in_steps_and_shrinks_at_once() {
        ChunkSize size = new ChunkSize(100, 2000, 1_000_000);
        assertThat(size.rows()).isEqualTo(100);
        size.took(100, 100 * 100);
        assertThat(size.rows()).isEqualTo(200);
        for (int i = 0; i < 10; i++) {
            size.took(size.rows(), size.rows() * 100L);
        }
        assertThat(size.rows()).isEqualTo(2000);
        size.took(2000, 2000 * 10_000L);
        assertThat(size.rows()).isEqualTo(100);
        size.took(100, 100 * 50_000_000L);
        assertThat(size.rows()).isEqualTo(1);
        size.took(0, 0);
        assertThat(size.rows()).isEqualTo(1);
    }
}
