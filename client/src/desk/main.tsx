import { render } from "preact";
import "../styles/light.css";
import "./desk.css";
import { Desk } from "./Desk.tsx";
import { startLook } from "./look.ts";

startLook();
render(<Desk />, document.getElementById("app")!);
