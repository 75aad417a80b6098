import FlyingFox
import Foundation

/// Answers in the shapes that Edge's management API gives.
enum Answer {
    /// JSON as Edge prints it, with sorted keys.
    static func json(_ value: Any, status: HTTPStatusCode = .ok) -> HTTPResponse {
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed,
        ]
        guard let data = try? JSONSerialization.data(withJSONObject: value, options: options) else {
            return HTTPResponse(statusCode: .internalServerError)
        }
        return HTTPResponse(statusCode: status, headers: [.contentType: "application/json"], body: data)
    }

    static func text(_ text: String, type: String, status: HTTPStatusCode = .ok) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: [.contentType: type], body: Data(text.utf8))
    }

    /// Edge's error object.
    static func error(_ code: String, _ message: String, status: HTTPStatusCode = .notFound) -> HTTPResponse {
        json(["code": code, "message": message, "contexts": [String]()] as [String: Any], status: status)
    }

    /// The page of a server in front of the API.
    static func page(_ status: HTTPStatusCode) -> HTTPResponse {
        let title = "\(status.code) \(status.phrase)"
        let html =
            "<html>\r\n<head><title>\(title)</title></head>\r\n<body>\r\n<center><h1>\(title)</h1></center>\r\n"
            + "<hr><center>server</center>\r\n</body>\r\n</html>\r\n"
        return text(html, type: "text/html", status: status)
    }

    static func unauthorized(_ body: LabVariants.UnauthorizedBody) -> HTTPResponse {
        var response =
            switch body {
            case .html: page(.unauthorized)
            case .empty: HTTPResponse(statusCode: .unauthorized)
            case .json:
                error("security.authentication.failed", "Authentication failed", status: .unauthorized)
            }
        response.headers[HTTPHeader("WWW-Authenticate")] = "Basic realm=\"Apigee\""
        return response
    }
}
