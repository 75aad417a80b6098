/// Values that give themselves away, in the formats that their makers publish.
enum TokenKinds {
    static let all = clouds + code + services + hashes

    static let clouds: [SecretKind] = [
        .init(token: "aws-access-key", "AKIA‹h16›", "ASIA‹h16›", "ABIA‹h16›", "ACCA‹h16›"),
        .init(token: "aws-bedrock", "ABSKQmVkcm9ja0FQSUtleS‹w108›=="),
        .init(token: "aws-mws", "amzn.mws.‹x8›-‹x4›-‹x4›-‹x4›-‹x12›"),
        .init(token: "aws-appsync", "da2-‹a26›"), .init(token: "google-api-key", "AIzaSy‹u33›"),
        .init(token: "google-oauth", "ya29.a0A‹u120-160›"), .init(token: "google-client-secret", "GOCSPX-‹u28›"),
        .init(token: "google-refresh-token", "1//0‹n1›‹u60-100›"),
        .init(token: "firebase-server-key", "AAAA‹w7›:APA91b‹u134›"),
        .init(token: "azure-client-secret", "‹w3›8Q~‹u34›", "‹w3›7Q~‹u34›"),
        .init(token: "azure-storage-key", "‹b76›+ASt‹w4›=="), .init(token: "azure-devops-pat", "‹w76›AZDO‹w4›"),
        .init(token: "azure-cosmos-key", "‹w76›ACDb‹w4›=="), .init(token: "azure-function-key", "‹w44›AzFu‹w5›A=="),
        .init(token: "digitalocean", "dop_v1_‹x64›", "doo_v1_‹x64›", "dor_v1_‹x64›"),
        .init(token: "alibaba", "LTAI‹w20›"),
        .init(token: "tencent", "AKID‹w32›"), .init(token: "yandex", "AQVN‹u36›", "y0_‹u55›"),
        .init(token: "scaleway", "SCW‹A17›"),
        .init(token: "cloudflare-origin", "v1.0-‹x24›-‹x146›"), .init(token: "heroku", "HRKU-AA‹u58›"),
        .init(token: "flyio", "fm2_‹b100›", "fo1_‹u43›"), .init(token: "netlify", "nfp_‹w36›"),
        .init(token: "render", "rnd_‹w32›"),
        .init(token: "supabase", "sbp_‹x40›"),
        .init(token: "planetscale", "pscale_tkn_‹u43›", "pscale_pw_‹u43›", "pscale_oauth_‹u43›"),
        .init(token: "databricks", "dapi‹x32›", "dapi‹x32›-2"),
        .init(token: "vault", "hvs.‹u90-100›", "hvb.‹u140›", "hvr.‹u90›"),
        .init(token: "terraform", "‹w14›.atlasv1.‹u67›"), .init(token: "pulumi", "pul-‹x40›"),
        .init(token: "doppler", "dp.pt.‹w43›", "dp.st.prd.‹w43›", "dp.ct.‹w43›", "dp.sa.‹w43›"),
        .init(token: "infracost", "ico-‹w32›"), .init(token: "onepassword-service", "ops_eyJ‹b250-260›"),
        .init(token: "onepassword-key", "A3-‹A6›-‹A6›-‹A5›-‹A5›-‹A5›-‹A5›"),
        .init(token: "age-key", "AGE-SECRET-KEY-1‹A58›"),
        .init(token: "sas-url", "https://acme.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig=‹w43›%3D"),
    ]

    static let code: [SecretKind] = [
        .init(token: "github", "ghp_‹w36›", "gho_‹w36›", "ghu_‹w36›", "ghs_‹w36›", "ghr_‹w36›"),
        .init(token: "github-pat", "github_pat_‹w22›_‹w59›"),
        .init(
            token: "gitlab", "glpat-‹u20›", "gldt-‹u20›", "glrt-‹u20›", "glptt-‹x40›", "glcbt-‹x2›_‹u20›",
            "glsoat-‹u20›", "glft-‹u20›", "glimt-‹u25›", "glagent-‹u50›", "gloas-‹x64›", "GR1348941‹u20›"),
        .init(token: "bitbucket", "ATBB‹w28›‹X8›"), .init(token: "atlassian", "ATATT3xFfGF0‹u180›=‹X8›"),
        .init(token: "npm", "npm_‹w36›"), .init(token: "pypi", "pypi-AgEIcHlwaS5vcmc‹u120›"),
        .init(token: "rubygems", "rubygems_‹x48›"),
        .init(token: "nuget", "oy2‹a43›"), .init(token: "clojars", "CLOJARS_‹a60›"), .init(token: "crates", "cio‹w32›"),
        .init(token: "dockerhub", "dckr_pat_‹u27›", "dckr_oat_‹u32›"), .init(token: "artifactory", "AKCp‹w69›"),
        .init(token: "artifactory-reference", "cmVmdGtu‹w56›"), .init(token: "circleci", "CCIPAT_‹w22›_‹x40›"),
        .init(token: "buildkite", "bkua_‹x40›"), .init(token: "sonarqube", "squ_‹x40›", "sqp_‹x40›", "sqa_‹x40›"),
        .init(token: "sourcegraph", "sgp_‹x16›_‹x40›", "sgp_local_‹x40›"), .init(token: "postman", "PMAK-‹x24›-‹x34›"),
        .init(token: "sentry", "sntryu_‹x64›"), .init(token: "sentry-org", "sntrys_eyJ‹b120›_‹b43›"),
        .init(token: "grafana", "glsa_‹w32›_‹x8›", "glc_eyJ‹b100›=="),
        .init(token: "newrelic", "NRAK-‹A27›", "NRRA-‹x42›", "NRII-‹u32›", "NRJS-‹x19›"),
        .init(token: "dynatrace", "dt0c01.‹h24›.‹h64›"), .init(token: "honeycomb", "hcaik_01‹a56›"),
        .init(token: "launchdarkly", "sdk-‹x8›-‹x4›-‹x4›-‹x4›-‹x12›"),
        .init(token: "prefect", "pnu_‹a36›"), .init(token: "readme", "rdme_‹a70›"),
        .init(token: "contentful", "CFPAT-‹u43›"),
        .init(token: "openai", "sk-‹w20›T3BlbkFJ‹w20›", "sk-proj-‹u74›T3BlbkFJ‹u74›", "sk-svcacct-‹u58›T3BlbkFJ‹u58›"),
        .init(token: "anthropic", "sk-ant-api03-‹u93›AA", "sk-ant-admin01-‹u93›AA"),
        .init(token: "huggingface", "hf_‹L34›", "api_org_‹L34›"),
        .init(token: "replicate", "r8_‹w37›"), .init(token: "groq", "gsk_‹w52›"),
        .init(token: "perplexity", "pplx-‹w48›"), .init(token: "xai", "xai-‹w80›"),
        .init(token: "openrouter", "sk-or-v1-‹x64›"), .init(token: "langsmith", "lsv2_pt_‹x32›_‹x10›"),
        .init(token: "pinecone", "pcsk_‹w6›_‹w60›"),
    ]

    static let services: [SecretKind] = [
        .init(
            token: "slack", "xoxb-‹n11›-‹n12›-‹w24›", "xoxp-‹n11›-‹n11›-‹n12›-‹x32›", "xoxe.xoxp-1-‹w160›",
            "xapp-1-A‹A10›-‹n13›-‹x64›", "xoxe-1-‹w146›"),
        .init(
            token: "slack-webhook", "https://hooks.slack.com/services/T‹A10›/B‹A10›/‹w24›",
            "https://hooks.slack.com/workflows/T‹A10›/A‹A10›/‹n18›/‹w24›"),
        .init(
            token: "teams-webhook",
            "https://acme.webhook.office.com/webhookb2/‹x8›-‹x4›-‹x4›-‹x4›-‹x12›@‹x8›-‹x4›-‹x4›-‹x4›-‹x12›/IncomingWebhook/‹x32›/‹x8›-‹x4›-‹x4›-‹x4›-‹x12›"
        ),
        .init(token: "discord-webhook", "https://discord.com/api/webhooks/‹n18›/‹u68›"),
        .init(token: "telegram", "‹n10›:AA‹u33›"),
        .init(token: "stripe", "sk_live_‹w24›", "sk_test_‹w99›", "rk_live_‹w24›", "whsec_‹w32›"),
        .init(token: "square", "sq0atp-‹u22›", "sq0csp-‹u43›", "EAAAE‹u59›"),
        .init(token: "paypal-braintree", "access_token$production$‹a16›$‹x32›"),
        .init(token: "plaid", "access-sandbox-‹x8›-‹x4›-‹x4›-‹x4›-‹x12›"), .init(token: "razorpay", "rzp_live_‹w14›"),
        .init(token: "flutterwave", "FLWSECK_TEST-‹x32›-X"),
        .init(token: "shopify", "shpat_‹x32›", "shpca_‹x32›", "shppa_‹x32›", "shpss_‹x32›"),
        .init(token: "sendgrid", "SG.‹u22›.‹u43›"), .init(token: "mailgun", "key-‹x32›"),
        .init(token: "mailchimp", "‹x32›-us12"), .init(token: "brevo", "xkeysib-‹x64›-‹w16›"),
        .init(token: "mandrill", "md-‹u22›"),
        .init(token: "notion", "ntn_‹n11›‹w35›", "secret_‹w43›"), .init(token: "figma", "figd_‹u40›"),
        .init(token: "linear", "lin_api_‹w40›"), .init(token: "typeform", "tfp_‹u44›_‹w14›"),
        .init(token: "mapbox", "sk.eyJ1Ijoi‹w60›.‹u22›"), .init(token: "easypost", "EZAK‹w54›"),
        .init(token: "duffel", "duffel_live_‹u43›"),
        .init(token: "frameio", "fio-u-‹u64›"), .init(token: "dropbox", "sl.‹u135›"),
        .init(token: "facebook", "EAACEdEose0cBA‹w120›", "EAAM‹w150›"),
        .init(token: "twitter-bearer", "AAAAAAAAAAAAAAAAAAAAA‹w80›"), .init(token: "harness", "pat.‹u22›.‹x24›.‹w20›"),
        .init(token: "okta", "SSWS 00‹u40›"), .init(token: "adobe", "p8e-‹a32›"),
        .init(token: "hubspot", "pat-na1-‹x8›-‹x4›-‹x4›-‹x4›-‹x12›"),
        .init(
            token: "intercom-jwt", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI‹u40›.‹u43›",
            "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9.eyJpc3MiOiJodHRwczovL2‹u90›.‹u342›"),
        .init(token: "card", "4111111111111111", "5500005555555559", "4012 8888 8888 1881", "371449635398431"),
        .init(token: "email-address", "‹l6›.‹l7›@mail.example.com"),
        .init(
            token: "nexmo-dsn", "redis://default:‹w24›@cache.example.net:6379/0",
            "mongodb+srv://app:‹w20›@cluster0.example.net/db", "amqps://svc:‹w16›@mq.example.net/vh",
            "postgresql://apigee:‹w14›@pg.example.net:5432/apigee"),
    ]

    static let hashes: [SecretKind] = [
        .init(token: "bcrypt", "$2y$10$‹c53›", "$2a$12$‹c53›", "$2b$12$‹c53›"),
        .init(token: "sha512-crypt", "$6$‹c16›$‹c86›", "$6$rounds=5000$‹c16›$‹c86›"),
        .init(token: "sha256-crypt", "$5$‹c16›$‹c43›"), .init(token: "md5-crypt", "$1$‹c8›$‹c22›"),
        .init(token: "apr1", "$apr1$‹c8›$‹c22›"),
        .init(token: "yescrypt", "$y$j9T$‹c22›$‹c43›"),
        .init(token: "argon2", "$argon2id$v=19$m=65536,t=3,p=4$‹b22›$‹b43›"),
        .init(
            token: "ssha", "{SSHA}‹b32›", "{SSHA512}‹b96›", "{SHA}‹b27›=", "{MD5}‹b22›==", "{CRYPT}$6$‹c16›$‹c86›",
            "{bcrypt}$2a$10$‹c53›"),
        .init(token: "phpass", "$P$B‹c30›"), .init(token: "django", "pbkdf2_sha256$260000$‹w22›$‹b43›="),
        .init(token: "scram", "SCRAM-SHA-256$4096:‹b22›==$‹b43›=:‹b43›="),
        .init(token: "jetty-obf", "OBF:‹a40›"), .init(token: "jasypt", "ENC(‹b43›=)"),
        .init(token: "spring-cipher", "{cipher}‹x96›"),
        .init(token: "weblogic", "{AES}‹b43›="), .init(token: "websphere", "{xor}‹b20›=="),
    ]
}
