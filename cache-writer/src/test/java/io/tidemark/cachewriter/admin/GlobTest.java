package io.tidemark.cachewriter.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cachewriter.jobs.RefusedException;
import org.junit.jupiter.api.Test;

/** Patterns mean what they mean to Redis. */
class GlobTest {
    @Test
    void placeHoldersAndSetsMatchAsInRedis() {
        assertThat(Glob.of("a:*").matches("a:1\n2")).isTrue();
        assertThat(Glob.of("a:*").matches("ba:1")).isFalse();
        assertThat(Glob.of("a?c").matches("abc")).isTrue();
        assertThat(Glob.of("h[ae]llo").matches("hello")).isTrue();
        assertThat(Glob.of("h[^a]llo").matches("hallo")).isFalse();
        assertThat(Glob.of("h[a-c]llo").matches("hbllo")).isTrue();
        assertThat(Glob.of("a\\*").matches("ab")).isFalse();
        assertThat(Glob.of("a\\*").matches("a*")).isTrue();
        assertThat(Glob.of("a.c").matches("abc")).isFalse();
        assertThat(Glob.of("x[y").matches("x[y")).isTrue();
        assertThat(Glob.of("{shop:7}:*").matches("{shop:7}:p")).isTrue();
    }

    @Test
    void aPatternOfPlaceHoldersAloneSaysNothing() {
        assertThat(Glob.of("*").saysNothing()).isTrue();
        assertThat(Glob.of("?*[a-z]*").saysNothing()).isTrue();
        assertThat(Glob.of("*:*").saysNothing()).isFalse();
        assertThatThrownBy(() -> Glob.of("")).isInstanceOf(RefusedException.class);
    }
}
