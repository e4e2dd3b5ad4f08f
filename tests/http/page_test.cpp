#include "marketplace/http/page.h"

#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx::http;

namespace {

Request request_for(std::string path, Parameters query, HeaderList headers = {}) {
    Request request;
    request.path = std::move(path);
    request.query_parameters = std::move(query);
    request.headers = std::move(headers);
    return request;
}

}  // namespace

TEST_CASE("page: a cursor leads on, for its own list and filters only", "[http][page]") {
    const CursorCodec codec(pdx::Bytes(32, 7));
    const auto first = request_for("/products", {{"q", "企业"}, {"limit", "10"}});
    CHECK(page_of(first, codec).limit == 10);
    CHECK(page_of(first, codec).after.empty());
    const std::string cursor = next_cursor(first, codec, "2026|id-10");
    CHECK(next_link(first, cursor) ==
          "</products?limit=10&q=%E4%BC%81%E4%B8%9A&cursor=" + cursor + ">; rel=\"next\"");
    const auto second =
        request_for("/products", {{"q", "企业"}, {"limit", "5"}, {"cursor", cursor}});
    CHECK(page_of(second, codec).after == "2026|id-10");
    const auto other_filter = request_for("/products", {{"q", "x"}, {"cursor", cursor}});
    CHECK_THROWS_AS(page_of(other_filter, codec), pdx::Error);
    const auto other_list = request_for("/orders", {{"q", "企业"}, {"cursor", cursor}});
    CHECK_THROWS_AS(page_of(other_list, codec), pdx::Error);
    const CursorCodec other_key(pdx::Bytes(32, 8));
    CHECK_THROWS_AS(page_of(second, other_key), pdx::Error);
}

TEST_CASE("page: a cursor that was changed is refused", "[http][page]") {
    const CursorCodec codec(pdx::Bytes(32, 7));
    const std::string cursor = codec.encode("s", "position");
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        std::string changed = cursor;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(codec.decode("s", changed));
    }
    CHECK_FALSE(codec.decode("s", ""));
    CHECK_FALSE(codec.decode("s", cursor + "="));
    CHECK_FALSE(codec.decode("s", std::string(2000, 'A')));
    CHECK(codec.decode("s", cursor) == "position");
}

TEST_CASE("page: an edit names the version it was made on", "[http][page]") {
    CHECK(if_match(request_for("/", {}, {{"if-match", etag(12)}}), "order") == 12);
    const auto kind = [](const HeaderList& headers) {
        try {
            (void)if_match(request_for("/", {}, headers), "order");
            return pdx::ErrorKind::kBusy;
        } catch (const pdx::Error& error) {
            return error.kind();
        }
    };
    CHECK(kind({}) == pdx::ErrorKind::kPreconditionRequired);
    for (const char* tag : {"12", "\"\"", "\"x\"", "*", "W/\"12\"", "\"1\", \"2\""}) {
        CHECK(kind({{"if-match", tag}}) == pdx::ErrorKind::kStale);
    }
}
