package io.tidemark.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in by which token, and what a token must be. */
class AccessTokensTest {
    private static final String ADMIN = "a".repeat(24);
    private static final String OPERATOR = "o".repeat(24);
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);

    @TempDir
    private Path directory;

    @Test
    void everyTokenGivesItsRoleAndNoOtherOne() {
        AccessTokens tokens = of(Map.of("X_ADMIN_TOKEN", ADMIN, "X_OPERATOR_TOKEN", OPERATOR));

        assertThat(tokens.roleOf(ADMIN)).contains(Role.ADMIN);
        assertThat(tokens.roleOf(OPERATOR)).contains(Role.OPERATOR);
        assertThat(tokens.roleOf(ADMIN + "x")).isEmpty();
        assertThat(tokens.roleOf("")).isEmpty();
    }

    @Test
    void aHeaderLetsInByABearersTokenAlone() {
        AccessTokens tokens = of(Map.of("X_ADMIN_TOKEN", ADMIN));

        assertThat(tokens.roleOfHeader("Bearer " + ADMIN)).contains(Role.ADMIN);
        assertThat(tokens.roleOfHeader("bearer  " + ADMIN + " ")).contains(Role.ADMIN);
        for (String other : new String[] {"", "Bearer", "Bearer ", ADMIN, "Basic " + ADMIN, "Bearer x" + ADMIN}) {
            assertThat(tokens.roleOfHeader(other)).as(other).isEmpty();
        }
    }

    @Test
    void withoutAnAdminsTokenOneIsMadeForItsOwnerAloneAndFoundAgain() throws Exception {
        Path made = directory.resolve("sub/admin.token");
        AccessTokens first = AccessTokens.of(Map.of(), "X", ALL, made);
        AccessTokens second = AccessTokens.of(Map.of(), "X", ALL, made);
        String token = Files.readString(made).strip();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rw-------");
        assertThat(first.roleOf(token)).contains(Role.ADMIN);
        assertThat(second.roleOf(token)).contains(Role.ADMIN);
    }

    @Test
    void tokensThatAreShortOrTheSameAreRefusedByTheNameOfTheirVariable() {
        assertThatThrownBy(() -> of(Map.of("X_ADMIN_TOKEN", "short"))).hasMessageContaining("X_ADMIN_TOKEN");
        assertThatThrownBy(() -> of(Map.of("X_ADMIN_TOKEN", ADMIN, "X_VIEWER_TOKEN", ADMIN)))
                .hasMessageContaining("X_VIEWER_TOKEN")
                .hasMessageContaining("X_ADMIN_TOKEN");
        assertThatThrownBy(() -> of(Map.of("X_ADMIN_TOKEN_FILE", "/nowhere/token")))
                .hasMessageContaining("X_ADMIN_TOKEN_FILE");
    }

    @Test
    void aServiceTakesTheTokenOfEveryServiceUnlessItHasOneOfItsOwn() {
        String every = "e".repeat(24);
        AccessTokens tokens = of(Map.of("TIDEMARK_ADMIN_TOKEN", every, "TIDEMARK_VIEWER_TOKEN", OPERATOR));
        assertThat(tokens.roleOf(every)).contains(Role.ADMIN);
        assertThat(tokens.roleOf(OPERATOR)).contains(Role.VIEWER);

        AccessTokens own = of(Map.of("TIDEMARK_ADMIN_TOKEN", every, "X_ADMIN_TOKEN", ADMIN));
        assertThat(own.roleOf(every)).isEmpty();
        assertThat(own.roleOf(ADMIN)).contains(Role.ADMIN);
    }

    @Test
    void aTokenFileThatEverybodyMayReadIsRefusedAndLeftAsItIs() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), ADMIN + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> of(Map.of("X_ADMIN_TOKEN_FILE", file.toString())))
                .hasMessageContaining("X_ADMIN_TOKEN_FILE")
                .hasMessageContaining("rw-r--r--")
                .hasMessageContaining("chmod 600 " + file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(Files.exists(directory.resolve("admin.token"))).isFalse();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(of(Map.of("X_ADMIN_TOKEN_FILE", file.toString())).roleOf(ADMIN))
                .contains(Role.ADMIN);
    }

    @Test
    void aRoleMayWhatThoseBelowItMay() {
        assertThat(Role.OPERATOR.may(Role.VIEWER)).isTrue();
        assertThat(Role.OPERATOR.may(Role.ADMIN)).isFalse();
    }

    @Test
    void aRequestOfAnotherSiteIsTold() {
        assertThat(RequestOrigin.isElsewhere(null, null, "here:8081")).isFalse();
        assertThat(RequestOrigin.isElsewhere("cross-site", null, "here:8081")).isTrue();
        assertThat(RequestOrigin.isElsewhere(null, "http://there", "here:8081")).isTrue();
        assertThat(RequestOrigin.isElsewhere(null, "null", "here:8081")).isTrue();
        assertThat(RequestOrigin.isElsewhere("same-origin", "http://HERE:8081", "here:8081"))
                .isFalse();
    }

    private AccessTokens of(Map<String, String> environment) {
        return AccessTokens.of(environment, "X", ALL, directory.resolve("admin.token"));
    }
}
