"""The page read aloud: by a voice of the device, never by one that has the words sent to somebody's servers."""

from tests.browser.conftest import Watched

VOICES = """
const far = { name: "far", lang: "zh-CN", localService: false };
const near = { name: "near", lang: "zh_CN", localService: true };
const english = { name: "english", lang: "en-GB", localService: true };
window.said = [];
window.held = [far, english];
const spoken = { getVoices: () => held, cancel() {}, speak: (one) => said.push(one.voice ? one.voice.name : "whichever") };
Object.defineProperty(window, "speechSynthesis", { value: spoken });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.arrive = () => { held.push(near); spoken.onvoiceschanged(); };
"""


def test_nothing_is_read_aloud_but_by_the_device(phone: Watched, site: str) -> None:
    page = phone.page()
    page.add_init_script(VOICES)
    page.goto(site)
    page.wait_for_load_state("networkidle")
    button = page.locator("#listen")
    assert not button.is_visible(), "a voice of a server, and one of another language, read nothing"
    page.evaluate("arrive()")
    button.click()
    said = page.evaluate("said")
    assert len(said) > 10
    assert set(said) == {"near"}
