#include <nlohmann/json.hpp>
#include <span>

#include "base/check.h"
#include "marketplace/app/resource_view.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/handlers/resource_routes.h"
#include "marketplace/http/handlers/table_errors.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

Response upload_dataset(const Request& request, app::Services& services) {
    BodyReader& body = request.upload();
    return answer(201, services.datasets.upload(
                           write_request(request), request.path_as<ResourceId>("resource_id"),
                           table_format_of(request),
                           [&body](std::span<std::uint8_t> out) { return body.read(out); }));
}

Response list_datasets(const Request& request, app::Services& services) {
    json items = json::array();
    for (const auto& found :
         services.datasets.list(request.caller, request.path_as<ResourceId>("resource_id"))) {
        items.push_back(app::to_json(found.dataset, found.columns));
    }
    return answer_json({{"items", std::move(items)}, {"next", nullptr}});
}

Response find_dataset(const Request& request, app::Services& services) {
    const auto found =
        services.datasets.find(request.caller, request.path_as<DatasetId>("dataset_id"));
    return answer_json(app::to_json(found.dataset, found.columns));
}

Response classify_column(const Request& request, app::Services& services) {
    const auto sensitivity =
        privacy::parse_sensitivity(request.json().at("class").get<std::string>());
    PDX_CHECK(sensitivity.has_value());
    return answer(200, services.datasets.classify_column(
                           write_request(request), request.path_as<DatasetId>("dataset_id"),
                           request.path_text("column"), *sensitivity));
}

Response list_column_reviews(const Request& request, app::Services& services,
                             const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto found = services.datasets.waiting(request.caller, page.after, page.limit);
    json items = json::array();
    for (const auto& waiting : found.items) items.push_back(app::to_json(waiting));
    return answer_page(request, cursors, std::move(items), found.next);
}

const Schema& class_schema() {
    static const Schema schema =
        object({required("class", choice({"non_personal", "confidential", "quasi_identifier",
                                          "free_text", "sensitive", "direct_identifier"}))})
            .named("ColumnClassDecision");
    return schema;
}

}  // namespace

std::vector<Route> dataset_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/resources/{resource_id}/datasets",
         .operation_id = "uploadDataset",
         .tag = "Datasets",
         .summary = {"Upload the data as CSV or JSON lines (UTF-8 or GB18030); it is profiled and "
                     "encrypted as it arrives",
                     "上传 CSV 或 JSON Lines 数据（UTF-8 或 GB18030），边接收边识别并加密"},
         .access = Access::needs(Permission::kUploadDataset),
         .body = BodyMode::kStream,
         .upload_types = table_types(),
         .response = {201, {"The dataset with its classified columns", "数据集及字段分类结果"}},
         .errors = table_errors(
             {{404, "resource.not_found"}, {409, "dataset.frozen"}, {422, "dataset.header"}}),
         .write = true,
         .handler = bind(upload_dataset)},
        {.method = "GET",
         .path = "/api/v1/resources/{resource_id}/datasets",
         .operation_id = "listDatasets",
         .tag = "Datasets",
         .summary = {"List the datasets of a resource", "资源的数据集列表"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"Datasets, newest first", "数据集"}},
         .errors = {{404, "resource.not_found"}},
         .handler = bind(list_datasets)},
        {.method = "GET",
         .path = "/api/v1/datasets/{dataset_id}",
         .operation_id = "findDataset",
         .tag = "Datasets",
         .summary = {"Read a dataset's description", "查看数据集说明"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The dataset", "数据集"}},
         .errors = {{404, "dataset.not_found"}},
         .handler = bind(find_dataset)},
        {.method = "POST",
         .path = "/api/v1/datasets/{dataset_id}/columns/{column}/class",
         .operation_id = "classifyColumn",
         .tag = "Datasets",
         .summary = {"Decide the class of a column, or confirm the one it has",
                     "确认或调整字段分类"},
         .access = Access::needs(Permission::kReviewColumns),
         .body = BodyMode::kJson,
         .request_schema = &class_schema(),
         .response = {200, {"The dataset", "数据集"}},
         .errors = {{404, "column.not_found"}, {409, "column.laxer"}},
         .write = true,
         .handler = bind(classify_column)},
        {.method = "GET",
         .path = "/api/v1/column-reviews",
         .operation_id = "listColumnReviews",
         .tag = "Datasets",
         .summary = {"Columns that wait for a person to look at them, with what to look at",
                     "待人工复核的字段及复核要点"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200,
                      {"Columns of the newest datasets: the caller's own, or all for those who "
                       "read the work queue or everything",
                       "各资源最新数据集中的待复核字段：本方的，或（有权查阅者）全部"}},
         .handler = bind(list_column_reviews)},
    };
}

}  // namespace pdx::http
