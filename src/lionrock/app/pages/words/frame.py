"""The frame around every page, who is signed in, and what went wrong, in English and Traditional Chinese."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

FRAME: dict[str, Text] = {
    "city.name": said("Hong Kong", "香港"),
    "site.colon": said(": ", "："),
    "site.skip": said("Skip to content", "跳到主要內容"),
    "site.skip_list": said("Skip the map, go to the list", "略過地圖，前往列表"),
    "site.menu": said("Menu", "選單"),
    "site.more": said("More", "更多"),
    "site.pages": said("Pages", "頁面"),
    "site.language": said("Language", "語言"),
    "site.theme": said("Light or dark", "淺色或深色"),
    "site.theme_dark": said("Dark theme", "深色主題"),
    "site.theme_light": said("Light theme", "淺色主題"),
    "site.no_script": said(
        "The live map needs JavaScript. Incidents, weather, car parks, status and every other page do not.",
        "實時地圖需要 JavaScript。事故、天氣、停車場、運作狀態及其他頁面則不需要。",
    ),
    "site.licences": said("Licences", "授權條款"),
    "site.api": said("API description", "API 說明"),
    "nav.console": said("Live map", "實時地圖"),
    "nav.services": said("Services", "服務"),
    "nav.datasets": said("Data sets", "數據集"),
    "nav.data_flow": said("Data flow", "數據流向"),
    "nav.ai_register": said("AI register", "人工智能登記冊"),
    "nav.status": said("Status", "運作狀態"),
    "source.simulated": said("Simulated", "模擬數據"),
    "source.simulated_long": said(
        "Simulated city: nothing on this page describes real traffic or weather.",
        "模擬城市：本頁內容並非真實的交通或天氣。",
    ),
    "source.recording": said("Recording", "歷史錄得數據"),
    "source.recording_long": said("Replay of recorded data: not the city now.", "重播歷史數據：並非現時情況。"),
    "age.seconds": said("{n} s", "{n} 秒"),
    "age.minutes": said("{n} min", "{n} 分鐘"),
    "age.hours": said("{n} h", "{n} 小時"),
    "age.days": said("{n} days", "{n} 日"),
    "age.ahead": said("{age} ahead of this clock", "比本機時鐘快{age}"),
    "age.stale": said("out of date", "數據過時"),
    "answer.of": said("Answer of", "回答自"),
    "answer.as_json": said("The same as JSON", "相同內容(JSON)"),
    "answer.nothing": said("nothing", "無"),
    "sign_in.title": said("Sign in", "登入"),
    "sign_in.lead": said(
        "For operators. Reading needs no account: everything that the city publishes is open to everybody.",
        "供操作人員使用。閱覽無須帳戶：本市發布的所有內容均公開予各界。",
    ),
    "sign_in.name": said("Name", "名稱"),
    "sign_in.password": said("Password", "密碼"),
    "sign_in.submit": said("Sign in", "登入"),
    "sign_in.out": said("Sign out", "登出"),
    "sign_in.as": said("Signed in as {name}", "已登入：{name}"),
    "sign_in.roles": said("Roles: {roles}", "職權：{roles}"),
    "role.traffic-operator": said("traffic operator", "交通操作員"),
    "role.steward": said("steward of the models", "模型管理員"),
    "sign_in.no_roles": said(
        "No role: may read what operators read, and change nothing", "沒有職權：可閱覽操作人員的內容，但不可更改"
    ),
    "sign_in.already": said(
        "You are signed in as {name}. Signing in again ends that session.",
        "你已登入為 {name}。再次登入會結束該工作階段。",
    ),
    "sign_in.not_right": said(
        "The name or the password is not right. Check both, then try again.", "名稱或密碼不正確。請檢查後再試。"
    ),
    "sign_in.stale": said(
        "This form was open for too long or was not ours. Fill it in again.",
        "此表格開啟過久或並非由本站發出。請重新填寫。",
    ),
    "sign_in.wait": said(
        "Too many wrong passwords. The next try is heard in {wait}; until then even the right one is not.",
        "密碼錯誤次數過多。{wait}後方可再試；在此之前，即使密碼正確亦不受理。",
    ),
    "sign_in.no_account": said(
        "Accounts are given at the machine itself, by this command:", "帳戶須於主機上以此指令建立："
    ),
    "error.back": said("To the live map", "返回實時地圖"),
    "error.status": said("Status {status}", "狀態 {status}"),
    "error.left_out": said("Left out of the answer:", "以下結果未計及："),
    "error.form": said("That was not done", "未有執行"),
    "error.form_do": said("Nothing was changed.", "未有作出任何更改。"),
    "error.form_back": said("Back to the form", "返回表格"),
    "error.400": said("This cannot be read", "無法理解此請求"),
    "error.400_do": said("Go back, change what is said below, and send it again.", "請返回並按下列說明修改後再試。"),
    "error.403": said("Not allowed", "未獲授權"),
    "error.403_do": said("Your roles do not cover this.", "你的職權不包括此項操作。"),
    "error.404": said("Page not found", "找不到網頁"),
    "error.404_do": said(
        "If the address was typed, check that it is right. What it named may also be kept no longer.",
        "如網址為自行輸入，請檢查是否正確；有關內容亦可能已不再保存。",
    ),
    "error.409": said("Not as things stand", "現時情況下不可行"),
    "error.409_do": said(
        "Nothing was changed. Go back and look again: somebody may have been quicker.",
        "未有作出任何更改。請返回查看最新情況，可能已有他人先行處理。",
    ),
    "error.429": said("Too many tries", "嘗試次數過多"),
    "error.500": said("Something went wrong here", "系統發生錯誤"),
    "error.500_do": said(
        "It is not you. Nothing that was stored is lost; try again.", "並非你的問題。已儲存的資料沒有遺失，請再試。"
    ),
    "error.503": said("Not yet", "暫時未能提供"),
    "error.503_do": said(
        "Lionrock is still starting or waits for data. Try again in a minute.",
        "系統正在啟動或等候數據，請於一分鐘後再試。",
    ),
    "nav.journal": said("Journal", "操作日誌"),
    "live.waits": said(
        "There is news. This page shows it once you have left its forms and links.",
        "有新消息。離開本頁的表格及連結後便會更新。",
    ),
    "live.lost": said(
        "Connection lost. What stands here is no longer kept up to date.", "連線中斷，本頁內容不再更新。"
    ),
    "silent.never": said("no good data yet", "尚未收到有效數據"),
    "silent.since": said("no good data for {age}", "已有 {age}未收到有效數據"),
    "silent.unchanged": said("answers, but has said nothing new for {age}", "有回應，但已有 {age}沒有新內容"),
    "silent.so": said("What follows may be out of date, and something may be missing.", "以下內容可能過時或有遺漏。"),
    "unit.min": said("min", "分鐘"),
    "unit.s": said("s", "秒"),
    "unit.m": said("m", "米"),
    "unit.km": said("km", "公里"),
    "unit.mm": said("mm", "毫米"),
    "unit.km/h": said("km/h", "公里/小時"),
    "unit.vehicle": said("vehicle", "輛"),
    "list.and": said(", ", "、"),
}
