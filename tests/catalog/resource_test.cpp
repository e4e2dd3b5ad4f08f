#include "catalog/resource.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::catalog;

namespace {

Resource good_resource() {
    Resource resource;
    resource.title_zh = "企业登记基本信息";
    resource.title_en = "Enterprise registration register";
    resource.summary_zh = "全市企业法人登记事项。\n每日更新。";
    resource.catalog_identifier = "320200WXSCJG/D000001C5";
    return resource;
}

std::vector<ResourceField> good_fields() {
    return {{"uscc", "统一社会信用代码", "char(18)", 18, "plain"},
            {"est_date", "成立日期", "date", {}, ""}};
}

/// "code pointer" of each defect.
std::vector<std::string> defects(const Resource& resource,
                                 const std::vector<ResourceField>& fields) {
    std::vector<std::string> found;
    for (const auto& error : defects_of(resource, fields)) {
        CHECK(error.kind() == ErrorKind::kInvalid);
        CHECK_FALSE(error.text().zh.empty());
        found.push_back(error.code() + " " + error.detail().pointer);
    }
    return found;
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("resource: a complete registration has no defect", "[catalog][resource]") {
    CHECK(defects(good_resource(), good_fields()).empty());
}

TEST_CASE("resource: each bad text is named by its pointer", "[catalog][resource]") {
    Resource resource = good_resource();
    resource.title_zh.clear();
    resource.title_en = std::string(101, 'x');
    resource.summary_zh = "bell \a";
    resource.keywords = "\xFF\xFE";
    resource.catalog_identifier = "320200WXSCJG/D000001C6";
    CHECK(defects(resource, good_fields()) ==
          List{"resource.title /title_zh", "resource.title /title_en", "resource.text /summary_zh",
               "resource.text /keywords", "resource.identifier /catalog_identifier"});
    resource = good_resource();
    resource.title_zh = "两\n行";
    CHECK(defects(resource, good_fields()) == List{"resource.title /title_zh"});
}

TEST_CASE("resource: a title of a hundred Chinese characters is not too long",
          "[catalog][resource]") {
    Resource resource = good_resource();
    resource.title_zh.clear();
    for (int count = 0; count < 100; ++count) {
        resource.title_zh += "锡";
    }
    CHECK(defects(resource, good_fields()).empty());
    resource.title_zh += "锡";
    CHECK(defects(resource, good_fields()) == List{"resource.title /title_zh"});
}

TEST_CASE("resource: fields are named once, by identifiers", "[catalog][resource]") {
    CHECK(defects(good_resource(), {}) == List{"resource.fields /fields"});
    CHECK(defects(good_resource(), std::vector<ResourceField>(1001, good_fields()[0])) ==
          List{"resource.fields /fields"});
    auto fields = good_fields();
    fields.push_back({"USCC", "代码", "string", {}, ""});
    CHECK(defects(good_resource(), fields) == List{"field.duplicate /fields/2/name"});
    for (const std::string& name :
         {std::string(), std::string("1a"), std::string("a b"), std::string("成立日期"),
          std::string("a-b"), std::string(65, 'a')}) {
        fields = good_fields();
        fields[1].name = name;
        INFO(name);
        CHECK(defects(good_resource(), fields) == List{"field.name /fields/1/name"});
    }
    fields = good_fields();
    fields[0].length = 0;
    fields[0].label_zh = " ";
    fields[1].data_type.clear();
    CHECK(defects(good_resource(), fields) == List{"field.label /fields/0/label_zh",
                                                   "field.length /fields/0/length",
                                                   "field.type /fields/1/data_type"});
}

TEST_CASE("resource: every word of every vocabulary is parsed back", "[catalog][resource]") {
    const auto check = [](auto names) {
        for (const auto& name : names) {
            CHECK(parse_wire<decltype(name.value)>(name.wire) == name.value);
            CHECK(wire_name(name.value) == name.wire);
            CHECK(label_zh(name.value) == name.label_zh);
        }
    };
    check(names_of(SourceKind{}));
    check(names_of(SharingKind{}));
    check(names_of(AccessMethod{}));
    check(names_of(UpdateFrequency{}));
    CHECK_FALSE(parse_wire<SourceKind>("Shared"));
    CHECK(parse_label_zh<UpdateFrequency>("每学期") == UpdateFrequency::kEachTerm);
}
