#include "marketplace/domain/product.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;

TEST_CASE("product: every state takes exactly the events of the table", "[domain][product]") {
    check_machine<ProductState, ProductEvent>(
        "product", "draft",
        {
            {"draft", "submit>submitted withdraw>withdrawn"},
            {"submitted", "approve>approved reject>rejected withdraw>withdrawn"},
            {"approved", "register>registered withdraw>withdrawn"},
            {"rejected", "submit>submitted withdraw>withdrawn"},
            {"registered", "suspend>suspended withdraw>withdrawn"},
            {"suspended", "resume>registered withdraw>withdrawn"},
            {"withdrawn", ""},
        });
}

TEST_CASE("product: it holds granted fields only", "[domain][product]") {
    const std::vector<std::string> granted{"uscc", "region"};
    const auto with = [&](const std::vector<std::string>& fields) {
        return code_of([&] { check_product_fields(fields, granted); });
    };
    CHECK(with({"uscc"}).empty());
    CHECK(with({"region", "uscc"}).empty());
    CHECK(with({}) == "product.fields");
    CHECK(with({"uscc", "uscc"}) == "product.fields");
    CHECK(with({"uscc", "phone"}) == "product.beyond_contract");
}
